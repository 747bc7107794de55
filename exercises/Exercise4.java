import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;
import java.util.Random;

/**
 * Exercise 4: a policy of your own.
 *
 * <p>To learn: a policy decides which page of the KV cache leaves when a new page needs its place. The cache calls it,
 * moves the pages and holds the budget.
 *
 * <p>Task: a text brings a new fact every 16 tokens. Each token asks for one of the last four facts, in turn. The cache
 * holds 10 pages of 4 tokens: the first page (the sink), the two newest (the window), and seven between. The policy below
 * lets the oldest of these seven leave, as StreamingLLM does, and loses facts that are still asked for. Keep the pages
 * that were used most recently instead. Pages do not come back: recalls() stays false.
 *
 * <p>Check: a cache of Kvasir reads three such texts of 400 tokens, with keys and values in place of words. A question
 * is answered if the attention gives the value of the fact. All must be answered. Run:
 * {@code java -cp runner/target/runner.jar exercises/Exercise4.java}
 *
 * <p>Help: docs/write-your-own-policy.md. Return true from scores() and the best page from select, with
 * view.best(winners); then view.lastWon(page) is the step in which a page was last the best. The window takes no part in
 * this: a page that has just left it has not won yet. Count the step at which it was filled, page * PAGE, as a use.
 */
public class Exercise4 {
    static final int PAGE = 4;

    static class MyPolicy implements EvictingPolicy {
        @Override
        public PolicyCard card() {
            return new PolicyCard("mine", "the pages that were used most recently stay");
        }

        /** The pages that stay after a prompt that is larger than the budget: here the sinks and the newest. */
        @Override
        public int retain(PageView view, int[] kept) {
            int budget = view.limits().budget();
            for (int i = 0; i < budget; i++) {
                kept[i] = i < view.limits().sinks() ? i : view.pages() - budget + i;
            }
            return budget;
        }

        // your code begins
        @Override
        public int leaving(PageView view) {
            return view.residents().page(view.limits().sinks());
        }
        // your code ends
    }

    // The check. Nothing below needs a change.

    static final int TOKENS = 400;
    static final int FACT_EVERY = 16;
    static final int ALIVE = 4;
    static final int SIZE = 32; // elements of a key

    public static void main(String[] args) {
        var policy = new MyPolicy();
        if (policy.recalls()) {
            end(1, "Exercise 4 is not solved: recalls() is true, and pages should not come back.");
        }
        int asked = 0;
        int answered = 0;
        for (int seed = 1; seed <= 3; seed++) {
            int[] counts = read(policy, new Random(seed));
            asked += counts[0];
            answered += counts[1];
        }
        if (answered < asked) {
            end(1, "Exercise 4 is not solved: " + answered + " of " + asked + " questions are answered.");
        }
        end(0, "Exercise 4 is solved: all " + asked + " questions are answered with 10 of " + TOKENS / PAGE
                + " pages.");
    }

    /** Reads one text; returns the number of questions and of answers. */
    static int[] read(MyPolicy policy, Random random) {
        var options = CacheOptions.under(policy)
                .budget(Budget.pages(10))
                .pageSize(PAGE)
                .sinkPages(1)
                .windowPages(2)
                .denseLayers(0)
                .topkTokens(PAGE)
                .build();
        float[][] keys = new float[TOKENS / FACT_EVERY][];
        float[][] values = new float[keys.length][];
        var counts = new int[2];
        try (KvCache cache = KvCaches.create(new CacheShape(1, 1, 1, SIZE), options, TOKENS, 1, ReferenceKvDevice::new,
                CacheEvents.NONE); KvSequence sequence = cache.open(TOKENS)) {
            float[] out = new float[SIZE];
            for (int t = 0; t < TOKENS; t++) {
                float[] key = vector(random, 1);
                float[] value = vector(random, 1);
                int newest = t / FACT_EVERY;
                if (t % FACT_EVERY == 0) {
                    key = vector(random, 10);
                    keys[newest] = key;
                    values[newest] = value;
                }
                int fact = Math.max(0, newest - t % ALIVE);
                sequence.beginStep();
                sequence.step(0, keys[fact], 0, key, 0, value, 0, out, 0);
                counts[0]++;
                counts[1] += distance(out, values[fact]) < 0.1 ? 1 : 0;
            }
        }
        return counts;
    }

    /** A random vector of this length. */
    static float[] vector(Random random, double length) {
        float[] vector = new float[SIZE];
        for (int d = 0; d < SIZE; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        double norm = distance(vector, new float[SIZE]);
        for (int d = 0; d < SIZE; d++) {
            vector[d] *= (float) (length / norm);
        }
        return vector;
    }

    static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int d = 0; d < SIZE; d++) {
            squares += Math.pow(a[d] - b[d], 2);
        }
        return Math.sqrt(squares);
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}

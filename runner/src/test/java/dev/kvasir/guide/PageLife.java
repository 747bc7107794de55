package dev.kvasir.guide;

import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import dev.kvasir.model.Generation;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The run of {@code docs/how-a-page-lives.md}, on the reference engine: the importance of page 36 of layer 1 at each step,
 * and its place.
 */
final class PageLife {
    static final int PAGE = 36;
    static final int FIRST = 288;
    static final int LAST = 440;
    private static final int LAYER = 1;
    private static final Path MODEL = Project.ROOT.resolve("model/src/test/resources/stories260k/stories260K-f32.gguf");

    /** Where the page is when a step ends. */
    enum Place {
        /** In a frame, some of its tokens not yet written. */
        FILLING,
        /** In a frame. */
        DEVICE,
        /** In a frame since this step, which recalled it. */
        RECALLED,
        /** In the host store alone. */
        HOST
    }

    /**
     * One step of the page's life.
     *
     * @param importance the estimate of the step's query, NaN before the page has a digest
     * @param won        whether it is among the winners of the step
     */
    record Step(int step, double importance, Place place, boolean won) {
        /** The step as a line of a table. The end of the backup is left out: it depends on the speed of the copy. */
        String line() {
            return "%d,%s,%s,%s".formatted(step,
                    Double.isNaN(importance) ? "" : String.format(Locale.ROOT, "%.2f", importance),
                    place.name().toLowerCase(Locale.ROOT), won ? "yes" : "no");
        }

        private static Step of(Table.Row row) {
            String importance = row.get("importance");
            return new Step(Integer.parseInt(row.get("step")),
                    importance.isEmpty() ? Double.NaN : Double.parseDouble(importance),
                    Place.valueOf(row.get("place").toUpperCase(Locale.ROOT)), row.get("won").equals("yes"));
        }
    }

    static final String TABLE = "life-of-page-36.csv";
    static final String HEADER = "step,importance,place,won";

    private final List<Step> steps = new ArrayList<>();
    private final List<CacheEvents.Kind> events = new ArrayList<>();
    private Place place = Place.FILLING;
    private double importance;
    private int scored;

    private PageLife() {}

    /** The life as a run recorded it: the last digits of importances differ from machine to machine. */
    static List<Step> recorded() {
        return Table.read(TABLE).rows().stream().map(Step::of).toList();
    }

    /** Runs the model. */
    static List<Step> run() {
        var life = new PageLife();
        life.generate();
        return life.steps;
    }

    private void generate() {
        CacheOptions options = CacheOptions.under(new ArkValePolicy())
                .pageSize(8)
                .budget(Budget.parse("128"))
                .sinkPages(1)
                .windowPages(2)
                .denseLayers(1)
                .build();
        int size = LAST + 3;
        try (var open = OpenModel.open(MODEL, EngineOptions.reference());
                KvCache cache = open.model().newWatchedCache(options, size, 1, this::event, this::watched);
                Session session = open.model().openSession(cache, size)) {
            var sampler = new Sampler(SamplerOptions.greedy(), open.model().config().vocabulary());
            var generation = new Generation(session, sampler, token -> false, () -> false);
            begin();
            generation.run(open.promptTokens(""), LAST + 2, token -> end(session.position() - 1));
        }
    }

    private void begin() {
        events.clear();
        importance = Double.NaN;
        scored = 0;
    }

    private void end(int step) {
        if (step >= FIRST && step <= LAST) {
            for (CacheEvents.Kind event : events) {
                place = switch (event) {
                    case EVICTED -> Place.HOST;
                    case RECALLED -> Place.RECALLED;
                    default -> place;
                };
            }
            steps.add(new Step(step, importance, place, events.contains(CacheEvents.Kind.SELECTED)));
            boolean arrived = place == Place.RECALLED || events.contains(CacheEvents.Kind.FILLED);
            place = arrived ? Place.DEVICE : place;
        }
        begin();
    }

    private void event(CacheEvents.Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float judged, long bytes) {
        if (layer == LAYER && page == PAGE) {
            events.add(kind);
        }
    }

    /** The device, of which each first scoring of a step is noted: that of layer 1. */
    private KvDevice watched(KvDevice device) {
        return (KvDevice) Proxy.newProxyInstance(KvDevice.class.getClassLoader(), new Class<?>[]{KvDevice.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(device, arguments);
                        if (method.getName().equals("score") && scored++ == 0 && (int) arguments[3] > PAGE) {
                            importance = ((float[]) arguments[7])[PAGE];
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.Chat;
import dev.kvasir.model.ChatOptions;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.bundled.BundledModel;
import dev.kvasir.model.engine.EngineOptions;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** Kvasir as a library: {@code java @runner/target/kvasir.args -cp runner/target/runner.jar examples/Embed.java [MODEL]}. */
class Embed {
    public static void main(String[] args) throws Exception {
        // A cache of 256 tokens for each layer; pages that leave it come back when a query needs them.
        var cache = CacheOptions.under(Policies.named("arkvale")).budget(Budget.tokens(256)).pageSize(16).build();
        var options = ChatOptions.greedy().withMaxTokens(24).withStops("\n\n").withCache(cache);

        try (OpenModel model = args.length == 0
                ? BundledModel.open()
                : OpenModel.open(Path.of(args[0]), EngineOptions.defaults())) {

            // A conversation. Each piece of an answer is printed when it is there.
            try (Chat chat = model.chat(options)) {
                chat.say("ROMEO:", System.out::print);
                System.out.println();
                Chat.Answer second = chat.say("JULIET:", System.out::print);
                System.out.println();
                System.out.println(second.report().newTokens() + " tokens, " + second.report().stop());
            }

            // Threads share a model. Each has its own chat, and their steps take turns.
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var first = threads.submit(() -> answer(model, options));
                var other = threads.submit(() -> answer(model, options));
                System.out.println("the same in two threads: " + first.get().equals(other.get()));
            }

            // Any thread can cancel an answer; here the sink does, at the first piece.
            try (Chat chat = model.chat(options)) {
                Chat.Answer answer = chat.say("ROMEO:", piece -> chat.cancel());
                System.out.println(answer.report().stop() + " after " + answer.report().newTokens() + " token");
            }
        }
    }

    private static String answer(OpenModel model, ChatOptions options) {
        try (Chat chat = model.chat(options)) {
            return chat.say("ROMEO:").text();
        }
    }
}

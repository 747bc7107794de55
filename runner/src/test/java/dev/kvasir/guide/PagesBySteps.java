package dev.kvasir.guide;

import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import dev.kvasir.model.Generation;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The run of {@code docs/how-a-page-lives.md}, on the reference engine: the place of all pages of layer 1 at each step. */
final class PagesBySteps {
    static final String TABLE = "pages-by-steps.csv";
    static final String HEADER = "page,from,to,place";
    static final int PAGE_SIZE = 8;
    static final int STEPS = 499;
    static final int PAGES = Math.ceilDiv(1 + STEPS, PAGE_SIZE);
    private static final int LAYER = 1;
    private static final Path MODEL = Project.ROOT.resolve("model/src/test/resources/stories260k/stories260K-f32.gguf");

    /** Where a page is when a step ends, and whether it is among the winners of the step. */
    enum Place {
        NOWHERE,
        FILLING,
        DEVICE,
        SELECTED,
        RECALLED,
        HOST
    }

    /** A page that is in one place from a step up to another, inclusive. */
    record Stay(int page, int from, int to, Place place) {
        String line() {
            return "%d,%d,%d,%s".formatted(page, from, to, place.name().toLowerCase(Locale.ROOT));
        }

        private static Stay of(Table.Row row) {
            return new Stay(Integer.parseInt(row.get("page")), Integer.parseInt(row.get("from")),
                    Integer.parseInt(row.get("to")), Place.valueOf(row.get("place").toUpperCase(Locale.ROOT)));
        }
    }

    private final Place[][] places = new Place[PAGES][STEPS + 1];

    private PagesBySteps() {}

    /** The stays of all pages as a run recorded them. */
    static List<Stay> recorded() {
        return Table.read(TABLE).rows().stream().map(Stay::of).toList();
    }

    /** Runs the model. */
    static List<Stay> run() {
        var pages = new PagesBySteps();
        pages.generate();
        return pages.stays();
    }

    private void generate() {
        for (int page = 0; page < PAGES; page++) {
            for (int step = 0; step <= STEPS; step++) {
                places[page][step] = step < page * PAGE_SIZE ? Place.NOWHERE : Place.FILLING;
            }
        }
        CacheOptions options = CacheOptions.under(new ArkValePolicy())
                .pageSize(PAGE_SIZE)
                .budget(Budget.parse("128"))
                .sinkPages(1)
                .windowPages(2)
                .denseLayers(1)
                .build();
        int size = STEPS + 2;
        try (var open = OpenModel.open(MODEL, EngineOptions.reference());
                KvCache cache = open.model()
                        .newCache(options, size, 1, (kind, state, step, layer, sequence, group, page,
                                importance, bytes) -> event(kind, (int) step, layer, page));
                Session session = open.model().openSession(cache, size)) {
            var sampler = new Sampler(SamplerOptions.greedy(), open.model().config().vocabulary());
            new Generation(session, sampler, token -> false, () -> false).run(open.promptTokens(""), STEPS + 1,
                    token -> {});
        }
    }

    private void event(Kind kind, int step, int layer, int page) {
        if (layer != LAYER) {
            return;
        }
        switch (kind) {
            case FILLED -> set(page, step, Place.DEVICE, Place.DEVICE);
            case SELECTED -> places[page][step] = Place.SELECTED;
            case RECALLED -> set(page, step, Place.RECALLED, Place.DEVICE);
            case EVICTED -> set(page, step, Place.HOST, Place.HOST);
            case BACKED_UP, PREFETCHED, UNUSED -> {
            }
        }
    }

    private void set(int page, int step, Place now, Place after) {
        places[page][step] = now;
        for (int later = step + 1; later <= STEPS; later++) {
            places[page][later] = after;
        }
    }

    private List<Stay> stays() {
        List<Stay> stays = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            int from = 0;
            for (int step = 1; step <= STEPS + 1; step++) {
                if (step > STEPS || places[page][step] != places[page][from]) {
                    if (places[page][from] != Place.NOWHERE) {
                        stays.add(new Stay(page, from, step - 1, places[page][from]));
                    }
                    from = step;
                }
            }
        }
        return stays;
    }
}

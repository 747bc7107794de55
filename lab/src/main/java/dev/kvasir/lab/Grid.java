package dev.kvasir.lab;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Builds the cells of a grid, axis by axis; the first axis changes slowest.
 *
 * <pre>{@code
 * Grid.of(settings).over("length", settings.numbers("length")).over("depth", depths).caches().cells()
 * }</pre>
 */
public final class Grid {
    /** Axis of the policy. */
    public static final String POLICY = "policy";
    /** Axis of the budget as given by the user; {@code unlimited} for a policy that keeps everything. */
    public static final String BUDGET = "budget";
    /** Axis of the page size. */
    public static final String PAGE_SIZE = "page_size";
    /** Axis of the digest; present only if several are compared. */
    public static final String DIGEST = "digest";
    /** Axis that counts repeats from 0. */
    public static final String REPEAT = "repeat";

    /** The axes of the cache; all others name the text. */
    public static final Set<String> CACHE_AXES = Set.of(POLICY, BUDGET, PAGE_SIZE, DIGEST);

    private final Settings settings;
    private final List<Cell> cells;

    private Grid(Settings settings, List<Cell> cells) {
        this.settings = settings;
        this.cells = cells;
    }

    /** A grid of one cell without axes. */
    public static Grid of(Settings settings) {
        return new Grid(settings, List.of(new Cell(Map.of(), Optional.empty(), settings.seed())));
    }

    /** Repeats each cell for each value. The value is part of the cell's seed, so each value has texts of its own. */
    public Grid over(String axis, Collection<?> values) {
        List<Cell> more = new ArrayList<>();
        for (Cell cell : cells) {
            for (Object value : values) {
                long seed = mixed(cell.seed(), (axis + "=" + value).hashCode());
                more.add(new Cell(with(cell, Map.of(axis, value.toString())), cell.cacheOptions(), seed));
            }
        }
        return new Grid(settings, more);
    }

    /** Repeats each cell for each value, all with the same texts. */
    public Grid onSameTexts(String axis, Collection<?> values) {
        List<Cell> more = new ArrayList<>();
        for (Cell cell : cells) {
            for (Object value : values) {
                more.add(new Cell(with(cell, Map.of(axis, value.toString())), cell.cacheOptions(), cell.seed()));
            }
        }
        return new Grid(settings, more);
    }

    /** Repeats each cell {@code --repeat} times, but at most {@code --cases} times, each time with new texts. */
    public Grid repeats() {
        int times = Math.min(settings.number(Parameters.REPEAT), cases(settings));
        return over(REPEAT, IntStream.range(0, times).boxed().toList());
    }

    /**
     * The value of {@code --cases}: the most texts at a point of the grid; no limit if it is empty or no parameter of
     * the experiment.
     *
     * @throws IllegalArgumentException if it is not a whole number above 0
     */
    public static int cases(Settings settings) {
        boolean isLimited = settings.has(Parameters.CASES) && !settings.text(Parameters.CASES).isEmpty();
        return isLimited ? settings.number(Parameters.CASES) : Integer.MAX_VALUE;
    }

    /** The first {@code --cases} lines of a file; a few with {@code --quick}. */
    public static <T> List<T> cases(Settings settings, List<T> lines) {
        boolean isFew = settings.isQuick() && settings.text(Parameters.CASES).isEmpty();
        return lines.subList(0, Math.min(lines.size(), isFew ? Parameters.QUICK_CASES : cases(settings)));
    }

    /**
     * Repeats each cell for every combination of {@code --kv}, {@code --budget}, {@code --page-size} and {@code
     * --digest}, if the experiment has these parameters. An option without effect on a policy adds no cells: {@code
     * full} has one budget.
     *
     * @throws IllegalArgumentException if there is no such policy, or options contradict each other
     */
    public Grid caches() {
        Map<Map<String, String>, CacheOptions> caches = new LinkedHashMap<>();
        boolean manyDigests = has(Parameters.DIGEST) && settings.words(Parameters.DIGEST).size() > 1;
        for (CacheOptions options : cacheOptions()) {
            Map<String, String> axes = new LinkedHashMap<>();
            axes.put(POLICY, options.policy().name());
            axes.put(BUDGET, options.budget().toString());
            axes.put(PAGE_SIZE, Integer.toString(options.pageSize()));
            if (manyDigests) {
                axes.put(DIGEST, options.digest().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
            caches.put(axes, options);
        }
        List<Cell> more = new ArrayList<>();
        for (Cell cell : cells) {
            caches.forEach((axes, options) -> more
                    .add(new Cell(with(cell, axes), Optional.of(options), cell.seed())));
        }
        return new Grid(settings, more);
    }

    /** The cells. */
    public List<Cell> cells() {
        return List.copyOf(cells);
    }

    private Collection<CacheOptions> cacheOptions() {
        Collection<CacheOptions> all = new LinkedHashSet<>();
        for (String policy : settings.words(Parameters.KV)) {
            CacheOptions base = settings.caches().options(policy);
            boolean isBounded = !(base.budget() instanceof Budget.Unlimited);
            List<Budget> budgets = isBounded && has(Parameters.BUDGET)
                    ? settings.budgets(Parameters.BUDGET)
                    : List.of(base.budget());
            List<Integer> pageSizes = has(Parameters.PAGE_SIZE)
                    ? settings.numbers(Parameters.PAGE_SIZE)
                    : List.of(base.pageSize());
            for (Budget budget : budgets) {
                for (int pageSize : pageSizes) {
                    for (DigestKind digest : digests(base, isBounded)) {
                        all.add(base.toBuilder().budget(budget).pageSize(pageSize).digest(digest).build());
                    }
                }
            }
        }
        return all;
    }

    private List<DigestKind> digests(CacheOptions base, boolean isBounded) {
        return isBounded && has(Parameters.DIGEST) && !settings.words(Parameters.DIGEST).isEmpty()
                ? settings.words(Parameters.DIGEST).stream().map(Grid::digest).toList()
                : List.of(base.digest());
    }

    /**
     * The digest of this name on the command line.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest name
     */
    public static DigestKind digest(String name) {
        List<String> names = Arrays.stream(DigestKind.values()).map(DigestKind::optionName).toList();
        return Arrays.stream(DigestKind.values())
                .filter(kind -> kind.optionName().equalsIgnoreCase(name.replace('_', '-')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no digest '%s', only %s%s".formatted(name,
                        String.join(", ", names), Nearest.hint(name, names))));
    }

    private boolean has(String parameter) {
        return settings.has(parameter);
    }

    private static Map<String, String> with(Cell cell, Map<String, String> axes) {
        Map<String, String> all = new LinkedHashMap<>(cell.axes());
        all.putAll(axes);
        return all;
    }

    private static long mixed(long seed, long more) {
        return new SplittableRandom(seed * 31 + more).nextLong();
    }
}

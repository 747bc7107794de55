package dev.kvasir.kvcache.option;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting that the message of an exception asks to change. A message names it by its place in the API, such as
 * {@code CacheOptions.budget}. A program that sets it in another way can find it there and name its own way.
 */
public enum Setting {
    /** Tokens of the longest sequence of a cache or session. */
    CONTEXT("contextTokens"),
    /** New tokens of a generation. */
    MAX_TOKENS("maxTokens"),
    /** The policy by its name. */
    POLICY("CacheOptions.policy"),
    BUDGET("CacheOptions.budget"),
    PAGE_SIZE("CacheOptions.pageSize"),
    SINK_PAGES("CacheOptions.sinkPages"),
    WINDOW_PAGES("CacheOptions.windowPages"),
    DENSE_LAYERS("CacheOptions.denseLayers"),
    PREFILL_QUERIES("CacheOptions.prefillQueries"),
    EXTEND("CacheOptions.extend"),
    PREFILL_BUDGET("CacheOptions.prefillBudget"),
    TOPK_TOKENS("CacheOptions.topkTokens"),
    DIGEST("CacheOptions.digest"),
    GROUPS("CacheOptions.groups"),
    AGGREGATION("CacheOptions.aggregation"),
    TURNOVER("CacheOptions.turnover"),
    ATTEND("CacheOptions.attend"),
    PREFETCH("CacheOptions.prefetch"),
    KV_TYPE("CacheOptions.kvType"),
    BACKUP_TYPE("CacheOptions.backupType"),
    DEVICE_MEMORY("CacheOptions.deviceMemory"),
    HOST_MEMORY("CacheOptions.hostMemory"),
    DISK("CacheOptions.disk"),
    PREFIX_CACHE("CacheOptions.prefixCache"),
    POLICY_OPTIONS("CacheOptions.policyOptions"),
    /** The kind of engine, in lower case. */
    ENGINE("EngineOptions.kind"),
    PAGE_COPIES("EngineOptions.pageCopies");

    private final String place;
    private final Pattern word;

    Setting(String place) {
        this.place = place;
        word = Pattern.compile("(?<![\\w.])" + Pattern.quote(place) + "(?!\\w)");
    }

    /** The settings that the message of an exception names, in the order of this list. */
    public static List<Setting> namedIn(Throwable problem) {
        String message = String.valueOf(problem.getMessage());
        return Arrays.stream(values()).filter(each -> each.word.matcher(message).find()).toList();
    }

    /** A sentence with another name for this setting. */
    public String renamed(String sentence, String name) {
        return word.matcher(sentence).replaceAll(Matcher.quoteReplacement(name));
    }

    /** Its place in the API: a component of a record, or the name of a parameter. */
    public String place() {
        return place;
    }
}

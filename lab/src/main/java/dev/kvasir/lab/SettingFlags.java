package dev.kvasir.lab;

import dev.kvasir.kvcache.option.Setting;

/** The flags of the command line for the settings that exceptions name. */
public final class SettingFlags {
    private SettingFlags() {}

    /** A sentence, with a flag in place of each setting that it names. */
    public static String in(String sentence) {
        String renamed = sentence;
        for (Setting setting : Setting.values()) {
            renamed = setting.renamed(renamed, flag(setting));
        }
        return renamed;
    }

    private static String flag(Setting setting) {
        return switch (setting) {
            case CONTEXT -> "--ctx-size";
            case MAX_TOKENS -> "--max-tokens";
            case POLICY -> "--kv";
            case BUDGET -> "--budget";
            case PAGE_SIZE -> "--page-size";
            case SINK_PAGES -> "--sink";
            case WINDOW_PAGES -> "--window";
            case DENSE_LAYERS -> "--dense-layers";
            case PREFILL_QUERIES -> "--prefill-queries";
            case EXTEND -> "--extend";
            case PREFILL_BUDGET -> "--prefill-budget";
            case TOPK_TOKENS -> "--topk-tokens";
            case DIGEST -> "--digest";
            case GROUPS -> "--groups";
            case AGGREGATION -> "--aggregate";
            case TURNOVER -> "--turnover";
            case ATTEND -> "--attend";
            case PREFETCH -> "--prefetch";
            case KV_TYPE -> "--kv-type";
            case BACKUP_TYPE -> "--backup-type";
            case DEVICE_MEMORY -> "--device-memory";
            case HOST_MEMORY -> "--host-memory";
            case DISK -> "--disk";
            case PREFIX_CACHE -> "--prefix-cache";
            case POLICY_OPTIONS -> "--policy-opt";
            case ENGINE -> "--engine";
            case PAGE_COPIES -> "--page-copies";
        };
    }
}

package dev.kvasir.model.tokenizer;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pre-tokenizers by their names in {@code tokenizer.ggml.pre}. The patterns are those of the models' training, as
 * llama.cpp applies them: {@code \\s} is Unicode white space, each pattern splits the pieces of the previous ones
 * further, and text without a match stays unchanged.
 */
final class PreTokenizers {

    private static final String CONTRACTION = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String PUNCTUATION = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";

    private static final String GPT_2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String LLAMA_3 = CONTRACTION + "|" + WORD + "|\\p{N}{1,3}|" + PUNCTUATION + "|" + SPACES;
    private static final String QWEN_2 = CONTRACTION + "|" + WORD + "|\\p{N}|" + PUNCTUATION + "|" + SPACES;
    private static final String DIGIT = "\\p{N}";

    /** Words by case: letters that are not a-z, then letters that are not A-Z. */
    private static final String CASED_WORD_END = "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^a-z]]*[\\p{L}&&[^A-Z]]+";
    private static final String CASED_WORD_START = "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^a-z]]+[\\p{L}&&[^A-Z]]*";
    private static final String CASED_PUNCTUATION = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
    private static final String TEKKEN = CASED_WORD_END + "|" + CASED_WORD_START + "|\\p{N}|" + CASED_PUNCTUATION + "|"
            + SPACES;
    private static final String GPT_4O = CASED_WORD_END + CONTRACTION + "?|" + CASED_WORD_START + CONTRACTION
            + "?|\\p{N}{1,3}|" + CASED_PUNCTUATION + "|" + SPACES;

    private static final String CASED_MARKED_END = "[^\\r\\n\\p{L}\\p{N}]?[[\\p{L}\\p{M}]&&[^a-z]]*"
            + "[[\\p{L}\\p{M}]&&[^A-Z]]+";
    private static final String CASED_MARKED_START = "[^\\r\\n\\p{L}\\p{N}]?[[\\p{L}\\p{M}]&&[^a-z]]+"
            + "[[\\p{L}\\p{M}]&&[^A-Z]]*";
    private static final String GRANITE_MULTI = CASED_MARKED_END + CONTRACTION + "?|" + CASED_MARKED_START
            + CONTRACTION + "?|\\p{N}{1,3}|" + CASED_PUNCTUATION + "|" + SPACES;

    private static final String HAN_KANA = "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+";
    private static final String ASCII_PUNCTUATION_WORD = "[!-/:-@\\[-`{-~][A-Za-z]+";
    private static final String MARKED_WORD = "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+";
    private static final String SYMBOLS = " ?[\\p{P}\\p{S}]+";
    private static final String DEEPSEEK_3 = ASCII_PUNCTUATION_WORD + "|" + MARKED_WORD + "|" + SYMBOLS + "[\\r\\n]*|"
            + SPACES;

    /** Letters with case, as DeepSeek's first tokenizer lists them. */
    private static final String CASED = "A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
            + "\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A\\u038C"
            + "\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556\\u10A0-\\u10C5"
            + "\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77"
            + "\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57"
            + "\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4"
            + "\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC"
            + "\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D"
            + "\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B"
            + "\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F"
            + "\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A"
            + "\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}"
            + "\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}";
    private static final String HAN_HANGUL = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF&&\\S]+";
    private static final String NO_SENTENCE_END = " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+";

    /** Han as Kimi's tokenizer counts it, by blocks. */
    private static final String HAN = "\\u4E00-\\u9FFF\\u3400-\\u4DBF\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2B73F}\\x{2B740}-\\x{2B81F}"
            + "\\x{2B820}-\\x{2CEAF}\\x{2CEB0}-\\x{2EBEF}\\uF900-\\uFAFF\\x{2F800}-\\x{2FA1F}";
    private static final String KIMI = "[" + HAN + "]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^" + HAN + "]]+" + CONTRACTION
            + "?|\\p{N}{1,3}|" + PUNCTUATION + "|" + SPACES;

    private static final Map<String, PreTokenizer> BY_NAME = new TreeMap<>();

    static {
        var falconPunctuation = "[\\p{P}$+<=>^~|`]+";
        var threeDigits = "[0-9][0-9][0-9]";
        add(PreTokenizer.of("[\\p{P}$+<=>^~|]+", GPT_2, "\\p{N}+", threeDigits), "default");
        add(PreTokenizer.of(GPT_2), "gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de",
                "a.x-4.0", "mellum", "modern-bert", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4",
                "jina-v1-en", "jina-v2-code", "roberta-bpe");
        add(PreTokenizer.of(LLAMA_3).withWholeWordsFirst().withBos(), "llama3", "llama-v3", "llama-bpe", "falcon3",
                "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano");
        add(PreTokenizer.of(LLAMA_3), "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        add(PreTokenizer.of(QWEN_2), "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "stablelm2", "megrez", "hunyuan",
                "solar-open", "grok-2");
        add(PreTokenizer.of(CONTRACTION
                + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" + SPACES),
                "qwen35");
        add(PreTokenizer.of(WORD + "|\\p{N}|" + PUNCTUATION + "|" + SPACES), "ufakzeka");
        add(PreTokenizer.of(DIGIT, GPT_2), "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone",
                "minerva-7b", "mellum2");
        add(PreTokenizer.of(falconPunctuation, GPT_2, threeDigits), "falcon");
        add(PreTokenizer.of("[\\r\\n]", "\\s?[" + CASED + "]+",
                "\\s?[[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]&&\\S]+", "(?<!\\s)\\s++$",
                HAN_HANGUL, "\\p{N}+"), "deepseek-llm");
        add(PreTokenizer.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", HAN_HANGUL, DIGIT), "deepseek-coder");
        add(PreTokenizer.of("\\p{N}{1,3}", HAN_KANA, DEEPSEEK_3), "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4");
        add(PreTokenizer.of("\\p{N}{1,3}", HAN_KANA,
                ASCII_PUNCTUATION_WORD + "|" + MARKED_WORD + "|" + SYMBOLS + "|[\\r\\n]|\\s+(?!\\S)|\\s+", DIGIT),
                "spark2_5");
        add(PreTokenizer.of(NO_SENTENCE_END), "poro-chat", "bloom", "gpt3-finnish");
        add(PreTokenizer.of(NO_SENTENCE_END, DIGIT), "viking");
        add(PreTokenizer.of(TEKKEN).withWholeWordsFirst().withBos(), "tekken");
        add(PreTokenizer.of(GPT_4O), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        add(PreTokenizer.of(GRANITE_MULTI).withWholeWordsFirst(), "granite-embed-multi-97m");
        add(PreTokenizer.of("<sentinel:[0-9]+>", "IMGIMG[A-I]{1,4}Z", "[\\t\\n]|    |  ", DIGIT,
                "[\\p{P}!-/:-@\\[-`{-~]", GPT_2).withBos(), "chameleon");
        add(PreTokenizer.of(CONTRACTION + "|" + WORD + "|\\p{N}|" + PUNCTUATION + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                "bailingmoe", "bailingmoe2", "llada-moe");
        add(PreTokenizer.of(CONTRACTION + "|" + WORD + "|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|" + SPACES), "seed-coder");
        add(PreTokenizer.of("[^\\n]+|\\n+", QWEN_2), "laguna");
        add(PreTokenizer.of("\\p{N}{1,3}", CONTRACTION + "|" + WORD + "|\\p{N}+|" + PUNCTUATION + "|" + SPACES)
                .withWholeWordsFirst(), "minicpm5");
        add(PreTokenizer.of(KIMI), "kimi-k2");
        add(PreTokenizer.of(
                "[\\uAC00-\\uD7A3\\u3131-\\u318E]+|[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C"
                        + "\\u3001-\\u303F\\uFE30-\\uFE4F]+|[\\u3105-\\u312F]+|" + HAN_KANA,
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+" + CONTRACTION + "?|\\p{N}|" + CASED_PUNCTUATION + "|" + SPACES)
                .withWholeWordsFirst(), "youtu");
        // A run of blanks falls into many words here. Only the first one looks for a newline at the end of the run.
        add(PreTokenizer.of(CONTRACTION + "|" + WORD + "|\\p{N}{1,3}|" + PUNCTUATION
                + "|(?<![\\s&&[^\\r\\n]])\\s*[\\r\\n]+|"
                + "\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)|"
                + "\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s"), "jais-2");
    }

    private PreTokenizers() {}

    private static void add(PreTokenizer preTokenizer, String... names) {
        Arrays.stream(names).forEach(name -> BY_NAME.put(name, preTokenizer));
    }

    /**
     * The pre-tokenizer of a name; {@code default} for an empty name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all names
     */
    static PreTokenizer byName(String name, String source) {
        var preTokenizer = BY_NAME.get(name.isEmpty() ? "default" : name);
        if (preTokenizer == null) {
            throw new IllegalArgumentException(source + ": the pre-tokenizer '" + name
                    + "' (tokenizer.ggml.pre) is not supported; use a model with one of "
                    + String.join(", ", BY_NAME.keySet()) + ".");
        }
        return preTokenizer;
    }

    /** All names, sorted. */
    static java.util.Set<String> names() {
        return java.util.Collections.unmodifiableSet(BY_NAME.keySet());
    }
}

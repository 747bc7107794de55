package dev.kvasir.runner.option;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.lab.Nearest;
import dev.kvasir.report.ByteSize;
import dev.kvasir.runner.bench.BenchFill;
import dev.kvasir.runner.bench.BenchFormat;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Converts words of the command line to values; the error for a wrong word lists the right ones. */
public final class Converters {
    private Converters() {}

    /** Registers the converters on a command and all its sub-commands. */
    public static void registerOn(CommandLine line) {
        register(line, int.class, word -> (int) whole(word, Integer.MIN_VALUE, Integer.MAX_VALUE));
        register(line, Integer.class, word -> (int) whole(word, Integer.MIN_VALUE, Integer.MAX_VALUE));
        register(line, long.class, word -> whole(word, Long.MIN_VALUE, Long.MAX_VALUE));
        register(line, Long.class, word -> whole(word, Long.MIN_VALUE, Long.MAX_VALUE));
        register(line, float.class, word -> (float) number(word));
        register(line, double.class, Converters::number);
        register(line, ByteSize.class, ByteSize::parse);
        register(line, Budget.class, Budget::parse);
        register(line, Groups.class, Groups::parse);
        register(line, DiskSpace.class, Converters::diskSpace);
        registerNames(line, TensorType.class, written());
        registerNames(line, DigestKind.class);
        registerNames(line, HeadAggregation.class);
        registerNames(line, KvType.class);
        registerNames(line, BackupType.class);
        registerNames(line, Attend.class);
        registerNames(line, Turnover.class);
        registerNames(line, Extend.class);
        registerNames(line, PageCopies.class);
        registerNames(line, ActivationType.class);
        registerNames(line, BenchFormat.class);
        registerNames(line, BenchFill.class);
    }

    private static long whole(String word, long least, long most) {
        try {
            BigInteger number = new BigInteger(word.startsWith("+") ? word.substring(1) : word);
            long value = number.longValue();
            if (!number.equals(BigInteger.valueOf(value)) || value < least || value > most) {
                throw new IllegalArgumentException("%s is not from %d to %d".formatted(word, least, most));
            }
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not a whole number".formatted(word), e);
        }
    }

    /** {@code DIR} or {@code DIR:BYTES}. */
    private static DiskSpace diskSpace(String word) {
        int colon = word.lastIndexOf(':');
        if (colon > 0 && word.substring(colon + 1).matches("\\d.*")) {
            return new DiskSpace(Path.of(word.substring(0, colon)), ByteSize.parse(word.substring(colon + 1)).bytes());
        }
        return new DiskSpace(Path.of(word), 0);
    }

    private static double number(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not a number".formatted(word), e);
        }
    }

    /** The words for the constants of an enumeration, in their order: {@code cuboid-mean}. */
    static <E extends Enum<E>> Map<String, E> names(Class<E> type) {
        Map<String, E> names = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            names.put(name.matches("q\\d_\\d") ? name : name.replace('_', '-'), constant);
        }
        return names;
    }

    /** The tensor types that can be written, under the names that llama.cpp's users type: {@code q8_0}. */
    static Map<String, TensorType> written() {
        Map<String, TensorType> names = new LinkedHashMap<>();
        for (TensorType type : TensorType.values()) {
            if (TensorCodec.of(type).canEncode()) {
                names.put(type.name().toLowerCase(Locale.ROOT), type);
            }
        }
        return names;
    }

    private static <E extends Enum<E>> void registerNames(CommandLine line, Class<E> type) {
        registerNames(line, type, names(type));
    }

    private static <E extends Enum<E>> void registerNames(CommandLine line, Class<E> type, Map<String, E> names) {
        register(line, type, word -> {
            E value = names.get(word.toLowerCase(Locale.ROOT));
            if (value == null) {
                throw new IllegalArgumentException("'%s' is none of %s%s".formatted(word,
                        String.join(", ", names.keySet()), Nearest.hint(word, names.keySet())));
            }
            return value;
        });
    }

    private static <T> void register(CommandLine line, Class<T> type, Function<String, T> parser) {
        line.registerConverter(type, word -> {
            try {
                return parser.apply(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }
}

package dev.kvasir.model.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's arithmetic. Integers have 64 bits here; a result that needs more is an error. */
final class Numbers {

    /** The order of numbers one of which is not a number. */
    static final int UNORDERED = 2;
    /** Integers up to this size are floats without rounding. */
    private static final long EXACT = 1L << 53;

    private Numbers() {}

    /** The order of two numbers by their exact values: -1, 0, 1 or {@link #UNORDERED}. */
    static int compare(Object a, Object b) {
        if (Values.isInteger(a) && Values.isInteger(b)) {
            return Long.compare(Values.integer(a), Values.integer(b));
        }
        double x = Values.number(a);
        double y = Values.number(b);
        if (Double.isNaN(x) || Double.isNaN(y)) {
            return UNORDERED;
        }
        if (Double.isInfinite(x) || Double.isInfinite(y) || Math.abs(x) < EXACT && Math.abs(y) < EXACT) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return exact(a).compareTo(exact(b));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf(Values.integer(number));
    }

    static Object arithmetic(String operator, Object left, Object right) {
        boolean integers = Values.isInteger(left) && Values.isInteger(right);
        if (integers && operator.equals("/")) {
            return quotient(Values.integer(left), Values.integer(right));
        }
        boolean floats = !integers || operator.equals("**") && Values.integer(right) < 0;
        try {
            return floats
                    ? floating(operator, Values.number(left), Values.number(right))
                    : integral(operator, Values.integer(left), Values.integer(right));
        } catch (ArithmeticException e) {
            throw new JinjaException("the integers in " + left + " " + operator + " " + right + " leave 64 bits");
        }
    }

    private static double quotient(long a, long b) {
        if (b == 0) {
            throw new JinjaException("division by zero");
        }
        return Math.abs(a) < EXACT && Math.abs(b) < EXACT
                ? (double) a / b
                : BigDecimal.valueOf(a).divide(BigDecimal.valueOf(b), new MathContext(60)).doubleValue();
    }

    private static Object floating(String operator, double a, double b) {
        if (b == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> floorQuotient(a, b);
            case "%" -> remainder(a, b);
            default -> power(a, b);
        };
    }

    /** The remainder has the sign of the divisor. */
    private static double remainder(double a, double b) {
        double rest = a % b;
        if (rest == 0) {
            return Math.copySign(0, b);
        }
        return rest < 0 == b < 0 ? rest : rest + b;
    }

    private static double floorQuotient(double a, double b) {
        double rest = a % b;
        double quotient = (a - rest) / b;
        if (rest != 0 && rest < 0 != b < 0) {
            quotient--;
        }
        if (quotient == 0) {
            return Math.copySign(0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw new JinjaException("division by zero");
        }
        if (a < 0 && b != Math.rint(b) && !Double.isInfinite(b) && !Double.isInfinite(a)) {
            throw new JinjaException("complex numbers are not supported");
        }
        if (a == 1 || b == 0 || a == -1 && Double.isInfinite(b)) {
            return 1;
        }
        double result = Math.pow(a, b);
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new JinjaException("the result is too large for a float");
        }
        return result;
    }

    private static Object integral(String operator, long a, long b) {
        if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> a == Long.MIN_VALUE && b == -1 ? Math.negateExact(a) : Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> power(a, b);
        };
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1) {
            return exponent == 0 ? 1 : base;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long result = 1;
        // Any other base overflows within 64 iterations, which ends the loop.
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    static Object sign(String operator, Object value) {
        double number = Values.number(value);
        if (value instanceof Double) {
            return operator.equals("-") ? -number : number;
        }
        long whole = Values.integer(value);
        return operator.equals("-") ? negated(whole) : whole;
    }

    static long negated(long value) {
        if (value == Long.MIN_VALUE) {
            throw new JinjaException("the integer -(" + value + ") leaves 64 bits");
        }
        return -value;
    }

    /** A float without its fraction as an integer. */
    static long whole(double value) {
        if (Double.isNaN(value) || Math.abs(value) >= 0x1p63) {
            throw new JinjaException("the float " + show(value) + " is no integer of 64 bits");
        }
        return (long) value;
    }

    /** Rounds to decimal places as Python's {@code round}: by the exact value, halves to the even neighbour. */
    static Object round(Object value, long places) {
        int scale = (int) Math.clamp(places, -400, 400);
        if (value instanceof Double d) {
            return Double.isNaN(d) || Double.isInfinite(d)
                    ? d
                    : Math.copySign(new BigDecimal(d).setScale(scale, RoundingMode.HALF_EVEN).doubleValue(), d);
        }
        long whole = Values.integer(value);
        return scale >= 0
                ? whole
                : BigDecimal.valueOf(whole).setScale(scale, RoundingMode.HALF_EVEN).toBigInteger().longValueExact();
    }

    /** A float as Python prints it: 1.0, 1e+16, 1e-05. */
    static String show(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        if (size >= 1e-4 && size < 1e16) {
            var plain = new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var unscaled = digits.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - digits.scale();
        var mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}

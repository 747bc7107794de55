package dev.kvasir.kvcache.policy;

/**
 * An option that counts tokens: {@code 64} of them, or {@code 25%} of what there are.
 *
 * @param key the option
 * @param number of tokens, or percent
 * @param isShare whether it is percent
 */
public record TokenAmount(String key, double number, boolean isShare) {

    /**
     * So many of {@code whole} tokens, and at least {@code least}.
     *
     * @param policy who asks
     * @param whole the budget
     * @throws IllegalArgumentException if none would be left
     */
    public int of(int whole, String policy, int least) {
        int count = Math.max(least, isShare ? (int) (number * whole / 100) : (int) number);
        if (count >= whole) {
            throw new IllegalArgumentException(
                    "policy %s: %s=%s leaves nothing to choose of a budget of %d tokens, lower it by --policy-opt %s=N or raise --budget"
                            .formatted(policy, key, this, whole, key));
        }
        return count;
    }

    @Override
    public String toString() {
        var digits = number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        return isShare ? digits + "%" : digits;
    }
}

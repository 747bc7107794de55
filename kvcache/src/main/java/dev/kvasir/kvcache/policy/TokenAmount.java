package dev.kvasir.kvcache.policy;

/**
 * An option that counts tokens: {@code 64} of them, or {@code 25%} of a budget.
 *
 * @param key the option
 * @param number of tokens, or percent
 * @param isShare whether it is percent
 */
public record TokenAmount(String key, double number, boolean isShare) {

    /**
     * The number of tokens out of {@code whole}, at least {@code least}.
     *
     * @param policy its name, for the message
     * @param whole the budget
     * @throws IllegalArgumentException if it leaves none of them
     */
    public int of(int whole, String policy, int least) {
        int count = Math.max(least, isShare ? (int) (number * whole / 100) : (int) number);
        if (count >= whole) {
            throw new IllegalArgumentException(
                    "policy %s: %s=%s leaves nothing to choose of a budget of %d tokens, lower it by CacheOptions.policyOptions %s=N or raise CacheOptions.budget"
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

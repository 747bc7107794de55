package dev.kvasir.kvcache.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The description of a policy, which its class comment, {@code policies NAME} and the documentation repeat.
 *
 * @param name the name users type
 * @param summary one line for the list of policies: what stays, and what leaves
 * @param paper the paper: name, authors, venue and link; empty if there is none
 * @param formula the rule as a formula, of one or more lines; empty if there is none
 * @param options the policy's own options: name to meaning, with the default
 */
public record PolicyCard(String name, String summary, String paper, String formula, Map<String, String> options) {

    public PolicyCard {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** The card of a policy without options of its own. */
    public PolicyCard(String name, String summary, String paper, String formula) {
        this(name, summary, paper, formula, Map.of());
    }

    /** The card of a policy that has neither a paper, nor a formula, nor options of its own. */
    public PolicyCard(String name, String summary) {
        this(name, summary, "", "");
    }

    /** This card with one more option; the meaning ends with the default: {@code share of the budget (default 25%)}. */
    public PolicyCard option(String key, String meaning) {
        var more = new LinkedHashMap<>(options);
        more.put(key, meaning);
        return new PolicyCard(name, summary, paper, formula, more);
    }
}

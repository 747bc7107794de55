package dev.kvasir.kvcache;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.EveryOtherPage;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PoliciesTest {

    @Test
    void theModulesOwnComeFirstThenThoseOnTheClassPath() {
        assertThat(Policies.all()).extracting(CachePolicy::name)
                .containsExactly("full", "random", "streaming-llm", "h2o", "tova", "scissorhands", "roco", "snapkv",
                        "pyramid", "ada",
                        "snapstream", "keyformer", "q-hitter", "quest", "sparq", "alisa", "infllm", "arkvale",
                        "every-other", "in-blocks", "high-keys");
        assertThat(Policies.all()).allMatch(policy -> !policy.card().summary().isBlank());
    }

    @Test
    void aMisspeltNameIsAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> Policies.named("steaming")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "there is no policy 'steaming'; there are full, random, streaming-llm, h2o, tova, scissorhands, roco, snapkv, pyramid, ada, snapstream, keyformer, q-hitter, quest, sparq, alisa, infllm, arkvale, every-other, in-blocks, high-keys");
    }

    @Test
    void aPolicyGetsItsOwnOptions() {
        var options = CacheOptions.builder()
                .policy(Policies.named("every-other"))
                .policyOptions(Map.of("phase", "1"))
                .build();
        assertThat(((EveryOtherPage) options.policy()).phase()).isEqualTo(1);
        var misspelt = options.toBuilder().policyOptions(Map.of("phrase", "1"));
        assertThatThrownBy(misspelt::build).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("policy every-other has no option 'phrase'; it has phase");
    }
}

package dev.kvasir.kvcache.plan;

import org.junit.jupiter.api.Test;

import static dev.kvasir.kvcache.plan.StepPhase.APPEND;
import static dev.kvasir.kvcache.plan.StepPhase.ATTEND;
import static dev.kvasir.kvcache.plan.StepPhase.CHOOSE;
import static dev.kvasir.kvcache.plan.StepPhase.LIST;
import static dev.kvasir.kvcache.plan.StepPhase.MERGE;
import static dev.kvasir.kvcache.plan.StepPhase.OPEN;
import static dev.kvasir.kvcache.plan.StepPhase.RECALL;
import static dev.kvasir.kvcache.plan.StepPhase.SCORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SequenceProgressTest {
    private final SequenceProgress progress = new SequenceProgress(10, 2);

    private void run(int layer) {
        progress.enter(layer, OPEN, MERGE);
        progress.enter(layer, APPEND, OPEN);
        finish(layer);
    }

    private void finish(int layer) {
        progress.enter(layer, LIST, APPEND);
        progress.enter(layer, ATTEND, LIST);
        progress.enter(layer, RECALL, ATTEND);
        progress.enter(layer, MERGE, RECALL);
    }

    @Test
    void stepsGoThroughAllPhasesOfAllLayers() {
        for (int step = 1; step <= 10; step++) {
            progress.beginStep();
            run(0);
            run(1);
            assertThat(progress.length()).isEqualTo(step);
        }
    }

    @Test
    void severalLayersMayBeUnderWay() {
        progress.beginStep();
        for (int layer = 0; layer < 2; layer++) {
            progress.enter(layer, OPEN, MERGE);
            progress.enter(layer, APPEND, OPEN);
        }
        finish(0);
        finish(1);
        progress.beginStep();
    }

    @Test
    void aPhaseOutOfTurnIsASentence() {
        progress.beginStep();
        progress.enter(0, OPEN, MERGE);
        assertThatThrownBy(() -> progress.enter(0, CHOOSE, SCORE)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1, layer 0: the last phase was open, but this call follows score");
        progress.enter(0, APPEND, OPEN);
        assertThatThrownBy(() -> progress.enter(0, APPEND, OPEN)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1, layer 0: the last phase was append, but this call follows open");
    }

    @Test
    void aLayerOutOfTurnIsASentence() {
        assertThatThrownBy(() -> progress.enter(0, OPEN, MERGE)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 0 is at layer 0, not at layer 0");
        progress.beginStep();
        assertThatThrownBy(() -> progress.enter(1, OPEN, MERGE)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 is at layer 0, not at layer 1");
        run(0);
        assertThatThrownBy(() -> progress.enter(0, OPEN, MERGE)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 is at layer 1, not at layer 0");
        assertThatThrownBy(progress::beginStep).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 ended at layer 1 of 2");
    }

    @Test
    void layersAreMergedInTheirOrder() {
        progress.beginStep();
        for (int layer = 0; layer < 2; layer++) {
            progress.enter(layer, OPEN, MERGE);
            progress.enter(layer, RECALL, OPEN);
        }
        assertThatThrownBy(() -> progress.enter(1, MERGE, RECALL)).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 is at layer 0, not at layer 1");
    }
}

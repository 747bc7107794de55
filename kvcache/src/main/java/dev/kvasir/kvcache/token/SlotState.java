package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.SavedOptions;
import dev.kvasir.kvcache.plan.SequenceProgress;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Saves a sequence of single tokens and restores it. Each layer has two sections: which tokens are in which slots with
 * the state of their keeper, and the bytes of its frames.
 */
final class SlotState {
    private final SlotPlan plan;
    private final KvDevice device;
    private final LayerTokens[] layers;
    private final SequenceProgress progress;

    SlotState(SlotPlan plan, KvDevice device, LayerTokens[] layers, SequenceProgress progress) {
        this.plan = plan;
        this.device = device;
        this.layers = layers;
        this.progress = progress;
    }

    void save(StateOutput out) throws IOException {
        progress.checkAtRest();
        out.values("sequence", state -> {
            SavedOptions.save(state, plan.shape(), plan.options(), progress.maxTokens());
            progress.save(state);
        });
        for (var layer : layers) {
            out.values("tokens of layer " + layer.layer, state -> save(layer, state));
            out.memory("contents of layer " + layer.layer, contents(layer));
        }
    }

    /** Holds what another sequence holds, which is at rest: tokens are copied. */
    void copy(SlotState of) {
        progress.copy(of.progress);
        for (int i = 0; i < layers.length; i++) {
            var layer = layers[i];
            var original = of.layers[i];
            StateReader.copy(state -> of.save(original, state), state -> restore(layer, state));
            var from = contents(of.layers[i]);
            var to = contents(layers[i]);
            for (int frame = 0; frame < to.size(); frame++) {
                to.get(frame).copyFrom(from.get(frame));
            }
        }
    }

    private void save(LayerTokens layer, StateWriter state) {
        state.writeInts(layer.budgets, layer.budgets.length);
        for (var head : layer.heads) {
            head.save(state);
        }
        if (layer.keeper != null) {
            try {
                layer.keeper.save(state, layer.length);
            } catch (UnsupportedOperationException e) {
                throw new StateException(
                        "policy %s does not save its state: its keeper needs TokenKeeper.save and TokenKeeper.restore"
                                .formatted(plan.policy().name()),
                        e);
            }
        }
    }

    void restore(StateInput in) throws IOException {
        in.values("sequence", state -> {
            SavedOptions.check(state, plan.shape(), plan.options(), progress.maxTokens());
            progress.restore(state);
        });
        for (var layer : layers) {
            in.values("tokens of layer " + layer.layer, state -> restore(layer, state));
            in.memory("contents of layer " + layer.layer, contents(layer));
        }
    }

    private void restore(LayerTokens layer, StateReader state) {
        layer.length = progress.length();
        state.readInts(layer.budgets);
        for (var head : layer.heads) {
            head.restore(state, layer.length);
        }
        if (layer.keeper != null) {
            layer.keeper.restore(state, layer.length);
        }
    }

    private List<MemorySegment> contents(LayerTokens layer) {
        List<MemorySegment> contents = new ArrayList<>();
        for (var head : layer.heads) {
            for (int i = 0; i < head.frameCount(); i++) {
                contents.add(device.frame(head.frames()[i]));
            }
        }
        return contents;
    }
}

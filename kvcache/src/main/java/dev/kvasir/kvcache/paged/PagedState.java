package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.SavedOptions;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Saves a sequence of pages and restores it. Each layer has two sections: which pages are where, and the bytes of its
 * digest frames and pages. A page that is in a frame and has a backup is written once.
 */
final class PagedState {
    private final OpenSequence sequence;
    private final CachePlan plan;
    private final KvDevice device;

    PagedState(OpenSequence sequence, KvDevice device) {
        this.sequence = sequence;
        this.device = device;
        plan = sequence.plan;
    }

    void save(StateOutput out) throws IOException {
        sequence.progress.checkAtRest();
        checkMemory();
        sequence.pages.awaitBackups();
        sequence.checkOpen();
        out.values("sequence", state -> {
            SavedOptions.save(state, plan.shape(), plan.options(), sequence.progress.maxTokens());
            sequence.progress.save(state);
            state.writeInt(sequence.part());
        });
        for (int layer = 0; layer < sequence.layers(); layer++) {
            GroupPages[] groups = sequence.groups(layer);
            out.values("pages of layer " + layer, state -> {
                for (var group : groups) {
                    group.save(state);
                }
            });
            out.memory("contents of layer " + layer, contents(groups));
        }
    }

    private void checkMemory() {
        if (plan.options().backupType() != BackupType.PAGE) {
            throw new StateException(
                    "backups of type %s can be neither saved nor restored: set CacheOptions.backupType to page"
                            .formatted(plan.options().backupType()));
        }
        if (plan.backups().usesDisk()) {
            throw new StateException(
                    "backups on disk can be neither saved nor restored: set CacheOptions.hostMemory to 0 and leave out CacheOptions.disk");
        }
    }

    void restore(StateInput in) throws IOException {
        sequence.checkOpen();
        checkMemory();
        in.values("sequence", state -> {
            SavedOptions.check(state, plan.shape(), plan.options(), sequence.progress.maxTokens());
            sequence.progress.restore(state);
            takePart(state.readInt());
        });
        for (int layer = 0; layer < sequence.layers(); layer++) {
            GroupPages[] groups = sequence.groups(layer);
            int most = plan.sharesFrames() && layer >= plan.denseLayers() ? sequence.part() : sequence.maxPages;
            in.values("pages of layer " + layer, state -> {
                for (var group : groups) {
                    group.restore(state, sequence.pages(), most, sequence.pages);
                }
            });
            in.memory("contents of layer " + layer, contents(groups));
            for (var group : groups) {
                copyBackups(group);
            }
        }
    }

    /** Where sequences share the frames, takes the part of the saved one, or less if others need more. */
    private void takePart(int saved) {
        sequence.makeRoom(sequence.pages());
        if (plan.sharesFrames() && saved > 0 && saved < sequence.part()) {
            sequence.hold(saved);
        }
    }

    /** The memory of all digest frames and pages of a layer. */
    private List<MemorySegment> contents(GroupPages[] groups) {
        List<MemorySegment> contents = new ArrayList<>();
        for (var group : groups) {
            for (int i = 0; i < group.digests.frameCount(); i++) {
                contents.add(device.frame(group.digests.frames()[i]));
            }
            for (int page = 0; page < group.pages; page++) {
                if (group.table.contains(page)) {
                    contents.add(device.frame(group.table.frame(page)));
                } else if (group.isBackedUp() && group.backups.isComplete(page)) {
                    contents.add(sequence.pages.backup(group, page));
                }
            }
        }
        return contents;
    }

    /** Fills the backups of pages that are in frames. */
    private void copyBackups(GroupPages group) {
        for (int page = 0; page < group.pages && group.isBackedUp(); page++) {
            if (group.table.contains(page) && group.backups.isComplete(page)) {
                sequence.pages.backup(group, page).copyFrom(device.frame(group.table.frame(page)));
            }
        }
    }
}

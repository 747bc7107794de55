package dev.kvasir.sim.run;

import dev.kvasir.sim.MemoryReport;
import dev.kvasir.sim.MemoryReport.Line;
import dev.kvasir.sim.MemoryReport.Use;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Counts the memory traffic of a launch for a {@link MemoryReport}. It collects the accesses of a warp between two
 * barriers.
 */
final class Traffic {
    private static final int BANK_BYTES = 4;

    private final MemoryReport report;
    private final KernelCode code;
    private final @Nullable Place[] places;
    private int warp;

    /** One place of the source with its requests. */
    private static final class Place {
        private final Use use;
        private final List<Request> requests = new ArrayList<>();
        private int begun; // number of requests with an access of the current work-item
        private long total;
        private long bytes;
        private long sectors;
        private long conflicts;

        Place(Use use) {
            this.use = use;
        }
    }

    /** The simultaneous accesses of a warp's work-items: at most one byte address for each. */
    private static final class Request {
        private final long[] addresses = new long[MemoryReport.WARP];
        private final int elementBytes;
        private int size;

        Request(int elementBytes) {
            this.elementBytes = elementBytes;
        }
    }

    Traffic(MemoryReport report, KernelCode code) {
        this.report = report;
        this.code = code;
        places = new Place[code.sites().size()];
    }

    /** Switches to another work-item. */
    void moveTo(int lane) {
        if (lane / MemoryReport.WARP != warp) {
            endWarp();
            warp = lane / MemoryReport.WARP;
        }
        for (Place place : places) {
            if (place != null) {
                place.begun = 0;
            }
        }
    }

    void global(int site, String array, int index, int elementBytes) {
        add(site, array, false, TornadoNativeArray.ARRAY_HEADER + (long) index * elementBytes, elementBytes);
    }

    void local(int site, String array, int index, int elementBytes) {
        add(site, array, true, (long) index * elementBytes, elementBytes);
    }

    private void add(int site, String array, boolean local, long address, int elementBytes) {
        Place place = places[site];
        if (place == null) {
            Site at = code.sites().get(site);
            place = new Place(new Use(code.name(), at.place(), at.what() + " " + array, local));
            places[site] = place;
        }
        if (place.begun == place.requests.size()) {
            place.requests.add(new Request(elementBytes));
        }
        Request request = place.requests.get(place.begun++);
        request.addresses[request.size++] = address;
    }

    /**
     * Called when the warp has reached a barrier or its end. The accesses since the last barrier count as simultaneous.
     */
    void endWarp() {
        for (Place place : places) {
            if (place != null && !place.requests.isEmpty()) {
                for (Request request : place.requests) {
                    count(place, request);
                }
                place.requests.clear();
            }
        }
    }

    private static void count(Place place, Request request) {
        long[] addresses = Arrays.copyOf(request.addresses, request.size);
        Arrays.sort(addresses);
        place.total++;
        int different = 0;
        long lastSector = -1;
        var perBank = new int[MemoryReport.BANKS];
        long lastWord = -1;
        for (int i = 0; i < addresses.length; i++) {
            if (i > 0 && addresses[i] == addresses[i - 1]) {
                continue;
            }
            different++;
            long end = addresses[i] + request.elementBytes - 1;
            for (long s = addresses[i] / MemoryReport.SECTOR; s <= end / MemoryReport.SECTOR; s++) {
                if (s > lastSector && !place.use.local()) {
                    place.sectors++;
                    lastSector = s;
                }
            }
            long word = addresses[i] / BANK_BYTES;
            if (word != lastWord) {
                perBank[(int) (word % MemoryReport.BANKS)]++;
                lastWord = word;
            }
        }
        place.bytes += (long) different * request.elementBytes;
        if (place.use.local()) {
            place.conflicts += Math.max(Arrays.stream(perBank).max().getAsInt() - 1, 0);
        }
    }

    /** Adds the counts to the report. */
    void end() {
        endWarp();
        for (Place place : places) {
            if (place != null) {
                report.add(new Line(place.use, place.total, place.bytes, place.sectors, place.conflicts));
            }
        }
    }
}

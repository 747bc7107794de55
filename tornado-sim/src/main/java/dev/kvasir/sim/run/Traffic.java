package dev.kvasir.sim.run;

import dev.kvasir.sim.MemoryReport;
import dev.kvasir.sim.MemoryReport.Line;
import dev.kvasir.sim.MemoryReport.Use;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Counts the memory traffic of a launch for a {@link MemoryReport}: collects what a warp does between two barriers. */
final class Traffic {
    private static final int BANK_BYTES = 4;

    private final MemoryReport report;
    private final KernelCode code;
    private final @Nullable Place[] places;
    private int warp;

    /** One place of the source. */
    private static final class Place {
        private final Use use;
        private final List<Request> requests = new ArrayList<>();
        private int begun; // requests that the current work-item has taken part in
        private long total;
        private long bytes;
        private long sectors;
        private long conflicts;

        Place(Use use) {
            this.use = use;
        }
    }

    /** What the work-items of a warp ask for together: byte addresses, at most one for each. */
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

    /** The turn of another work-item. */
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

    /** The warp has come to a barrier or to its end: what its work-items did since then was done together. */
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

    /** Gives what was counted to the report. */
    void end() {
        endWarp();
        for (Place place : places) {
            if (place != null) {
                report.add(new Line(place.use, place.total, place.bytes, place.sectors, place.conflicts));
            }
        }
    }
}

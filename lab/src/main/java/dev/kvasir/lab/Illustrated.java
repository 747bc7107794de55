package dev.kvasir.lab;

import dev.kvasir.report.gallery.GalleryScene;
import java.util.List;

/** An experiment that also writes a gallery: keys of pages in three dimensions, with the volumes of their digests. */
public interface Illustrated extends Experiment {

    /** The scenes among the results; empty if none were recorded. */
    List<GalleryScene> scenes(Results results);
}

package dev.kvasir.lab;

import dev.kvasir.report.gallery.GalleryScene;
import java.util.List;

/** An experiment that has geometry to show beside its report: keys of pages and the volumes that stand for them. */
public interface Illustrated extends Experiment {

    /** What is to be drawn of the results; none if nothing was recorded for it. */
    List<GalleryScene> scenes(Results results);
}

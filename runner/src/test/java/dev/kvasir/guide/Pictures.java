package dev.kvasir.guide;

import java.util.List;

/** All pictures of the guide. */
final class Pictures {
    static final List<Picture> ALL = List.of(
            new Picture("life-of-page-36", LifePicture::draw),
            new Picture("pages-by-steps", PagesByStepsPicture::draw),
            new Picture("frame", FramePicture::draw),
            new Picture("box", BoxPicture::draw),
            new Picture("merge", MergePicture::draw),
            new Picture("states", StatesPicture::draw),
            new Picture("step", StepPicture::draw),
            new Picture("graphs", GraphsPicture::draw),
            new Picture("prefetch", PrefetchPicture::draw),
            new Picture("forms", FormsPicture::draw),
            new Picture("map", MapPicture::draw),
            new Picture("cache-map", CacheMapPicture::draw),
            new Picture("ladder-gpu", PerformancePictures::ladderOnGpu),
            new Picture("ladder-cpu", PerformancePictures::ladderOnCpu),
            new Picture("decode", PerformancePictures::decode),
            new Picture("long-context", PerformancePictures::longContext),
            new Picture("prompts", PerformancePictures::prompts),
            new Picture("passkey", ExperimentPictures::passkey),
            new Picture("lines", ExperimentPictures::lines),
            new Picture("needles", ExperimentPictures::needles),
            new Picture("perplexity", ExperimentPictures::perplexity));

    private Pictures() {}
}

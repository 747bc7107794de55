package dev.kvasir.kvcache.device;

/** Partial results of one query's attention, opaque to all but the device that made it. */
public interface AttentionState {}

package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.policy.TokenAttention;

/** The attention of one query to all tokens of a layer that it sees. */
final class SeenTokens implements TokenAttention {
    private final AttentionRows rows;
    private final int shared;
    private final float share; // of one query head in the mean
    private LayerTokens layer;
    private int row; // of the query in rows
    private int query;

    SeenTokens(AttentionRows rows, int shared, LayerTokens layer) {
        this.rows = rows;
        this.shared = shared;
        this.share = 1f / shared;
        this.layer = layer;
    }

    /** Shows query {@code number} of the rows, which is at {@code position}. */
    void show(LayerTokens ofLayer, int number, int position) {
        layer = ofLayer;
        row = number;
        query = position;
    }

    @Override
    public int length() {
        return layer.length;
    }

    @Override
    public int count(int kvHead) {
        return rows.counts()[row * rows.queryHeads() + kvHead * shared];
    }

    @Override
    public int position(int kvHead, int i) {
        return layer.position(kvHead, i);
    }

    @Override
    public int query() {
        return query;
    }

    @Override
    public float logit(int queryHead, int i) {
        return rows.logits()[rows.at(row, queryHead) + layer.heads[queryHead / shared].slot(i)];
    }

    @Override
    public float weight(int queryHead, int i) {
        return rows.weights()[rows.at(row, queryHead) + layer.heads[queryHead / shared].slot(i)];
    }

    @Override
    public float mean(int kvHead, int i) {
        int slot = layer.heads[kvHead].slot(i);
        float sum = 0;
        for (int h = kvHead * shared; h < (kvHead + 1) * shared; h++) {
            sum += rows.weights()[rows.at(row, h) + slot];
        }
        return sum * share;
    }

    @Override
    public void addMeans(int kvHead, float[] sums) {
        var head = layer.heads[kvHead];
        float[] weights = rows.weights();
        int count = count(kvHead);
        for (int h = kvHead * shared; h < (kvHead + 1) * shared; h++) {
            int at = rows.at(row, h);
            if (head.isStraight()) {
                for (int i = 0; i < count; i++) {
                    sums[i] += share * weights[at + i];
                }
            } else {
                for (int i = 0; i < count; i++) {
                    sums[head.position(i)] += share * weights[at + head.slot(i)];
                }
            }
        }
    }
}

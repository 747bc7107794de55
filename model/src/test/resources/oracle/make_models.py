#!/usr/bin/env python3
"""Tiny random-weight GGUFs that llama.cpp loads.  make_models.py NAME SEED OUT.gguf  (run inside the chroot)."""
import sys, math, numpy as np, gguf
from gguf import GGMLQuantizationType as Q, quants

def spm(n):
    """SentencePiece-style vocabulary: <unk> <s> </s>, 256 byte tokens, pieces."""
    pieces = ["\u2581"] + list("etaoinshr") + ["\u2581t", "he", "\u2581the", "in", "er", "an", "\u2581a", "on", "re", "at", "\u2581s", "\u2581o"] + list("dlucmfwgypbvkxjqzTAIS.,!?'\n0123456789")
    pieces = pieces[: n - 259]
    toks = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % i for i in range(256)] + pieces
    types = [2, 3, 3] + [6] * 256 + [1] * len(pieces)
    scores = [0.0] * 259 + [float(-i) for i in range(len(pieces))]
    while len(toks) < n: toks.append("<extra_%d>" % len(toks)); types.append(1); scores.append(-1e4)
    return toks, types, scores

def byte_map():
    bs = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256)); cs = bs[:]; k = 0
    for b in range(256):
        if b not in bs: bs.append(b); cs.append(256 + k); k += 1
    return {b: chr(c) for b, c in zip(bs, cs)}

def bpe(n):
    """byte-level BPE: 256 bytes, merges, two control tokens at the end."""
    m = byte_map(); toks = [m[i] for i in range(256)]
    merges = ["h e", "\u0120 t", "\u0120t he", "i n", "e r", "a n", "\u0120 a", "o n", "r e", "a t", "\u0120 s", "\u0120 o", "n d", "\u0120a nd", "i s", "o r"]
    merges = merges[: n - 258]
    toks += [x.replace(" ", "") for x in merges]
    toks += ["<|endoftext|>", "<|im_end|>"]
    return toks, [1] * (len(toks) - 2) + [3, 3], merges

D = dict(arch="llama", dim=64, layers=2, heads=4, kv=2, hd=16, ffn=96, vocab=272, tied=False, theta=10000.0, tok="spm", type=Q.F32, eps=1e-5)
MODELS = {
    "llama-gqa-f32":     dict(vocab=300),
    "llama-tied-f16":    dict(tied=True, kv=1, type=Q.F16),
    "llama-bf16":        dict(type=Q.BF16, tied=True),
    "llama3-rope":       dict(tied=True, heads=2, kv=1, hd=32, ffn=32, theta=500000.0, tok="llama-bpe", llama3=(8.0, 1.0, 4.0, 256)),
    "llama-linear-rope": dict(tied=True, heads=2, kv=1, hd=32, ffn=32, layers=1, scaling="linear"),
    "llama-yarn":        dict(tied=True, heads=2, kv=1, hd=32, ffn=32, scaling="yarn"),
    "qwen2":             dict(arch="qwen2", tied=True, ffn=32, theta=1000000.0, tok="qwen2", eps=1e-6),
    "qwen3":             dict(arch="qwen3", tied=True, hd=32, ffn=32, theta=1000000.0, tok="qwen2", eps=1e-6),
    "base32":            dict(dim=128, layers=1, heads=4, kv=2, hd=32, ffn=128, vocab=288),
    "base256":           dict(dim=256, layers=1, heads=4, kv=1, hd=64, ffn=256, vocab=288, tied=True),
    "base256u":          dict(dim=256, layers=1, heads=4, kv=1, hd=64, ffn=256, vocab=288),
}

def make(name, seed, path, drop=()):
    c = {**D, **MODELS[name]}; r = np.random.default_rng(seed); a = c["arch"]
    w = gguf.GGUFWriter(path, a)
    def kv(k, v, f):
        if k not in drop: f(k, v)
    u, f, s = w.add_uint32, w.add_float32, w.add_string
    if "general.name" not in drop: s("general.name", name)
    for k, v in (("context_length", 256), ("embedding_length", c["dim"]), ("block_count", c["layers"]), ("feed_forward_length", c["ffn"]),
                 ("attention.head_count", c["heads"]), ("attention.head_count_kv", c["kv"])): kv(f"{a}.{k}", v, u)
    kv(f"{a}.attention.layer_norm_rms_epsilon", c["eps"], f)
    kv(f"{a}.rope.freq_base", c["theta"], f)
    if c["hd"] * c["heads"] != c["dim"]:
        kv(f"{a}.attention.key_length", c["hd"], u); kv(f"{a}.attention.value_length", c["hd"], u)
    if a == "llama": kv(f"{a}.rope.dimension_count", c["hd"], u); kv(f"{a}.vocab_size", c["vocab"], u)
    if "scaling" in c:
        kv(f"{a}.rope.scaling.type", c["scaling"], s); kv(f"{a}.rope.scaling.factor", 4.0, f)
        if c["scaling"] == "yarn": kv(f"{a}.rope.scaling.original_context_length", 64, u)
    kv("general.file_type", {Q.F32: 0, Q.F16: 1, Q.BF16: 32}[c["type"]], u)
    if c["tok"] == "spm":
        toks, types, scores = spm(c["vocab"])
        s("tokenizer.ggml.model", "llama"); kv("tokenizer.ggml.pre", "default", s); w.add_token_list(toks); w.add_token_scores(scores); w.add_token_types(types)
        kv("tokenizer.ggml.bos_token_id", 1, u); kv("tokenizer.ggml.eos_token_id", 2, u); kv("tokenizer.ggml.unknown_token_id", 0, u); kv("tokenizer.ggml.add_bos_token", True, w.add_bool)
    else:
        toks, types, merges = bpe(c["vocab"]); assert len(toks) == c["vocab"]
        s("tokenizer.ggml.model", "gpt2"); kv("tokenizer.ggml.pre", c["tok"], s); w.add_token_list(toks); w.add_token_types(types); w.add_token_merges(merges)
        kv("tokenizer.ggml.bos_token_id", len(toks) - 2, u); kv("tokenizer.ggml.eos_token_id", len(toks) - 1, u); kv("tokenizer.ggml.add_bos_token", c["tok"] == "llama-bpe", w.add_bool)
    def lin(n, out, inp, gain=1.5):
        x = (r.standard_normal((out, inp)) * gain / math.sqrt(inp)).astype(np.float32)
        if c["type"] == Q.F32: w.add_tensor(n, x)
        else: w.add_tensor(n, quants.quantize(x, c["type"]), raw_dtype=c["type"])
    def vec(n, k, mean, std): w.add_tensor(n, (mean + std * r.standard_normal(k)).astype(np.float32))
    d, h, k, hd, ff = c["dim"], c["heads"], c["kv"], c["hd"], c["ffn"]
    lin("token_embd.weight", c["vocab"], d, ({64: 0.35, 256: 0.18}[d] if c["tied"] else 1.0) * math.sqrt(d))
    if "llama3" in c:
        fac, lo, hi, orig = c["llama3"]; out = []
        for i in range(hd // 2):
            wl = 2 * math.pi * c["theta"] ** (2 * i / hd)
            if wl < orig / hi: out.append(1.0)
            elif wl > orig / lo: out.append(fac)
            else: sm = (orig / wl - lo) / (hi - lo); out.append(1 / ((1 - sm) / fac + sm))
        w.add_tensor("rope_freqs.weight", np.array(out, np.float32))
    for l in range(c["layers"]):
        p = f"blk.{l}."
        vec(p + "attn_norm.weight", d, 1, .1)
        lin(p + "attn_q.weight", h * hd, d); lin(p + "attn_k.weight", k * hd, d); lin(p + "attn_v.weight", k * hd, d); lin(p + "attn_output.weight", d, h * hd)
        if a == "qwen2": vec(p + "attn_q.bias", h * hd, 0, .5); vec(p + "attn_k.bias", k * hd, 0, .5); vec(p + "attn_v.bias", k * hd, 0, .5)
        if a == "qwen3": vec(p + "attn_q_norm.weight", hd, 1.3, .2); vec(p + "attn_k_norm.weight", hd, 1.3, .2)
        vec(p + "ffn_norm.weight", d, 1, .1)
        lin(p + "ffn_gate.weight", ff, d); lin(p + "ffn_up.weight", ff, d); lin(p + "ffn_down.weight", d, ff)
    vec("output_norm.weight", d, 1, .1)
    if not c["tied"]: lin("output.weight", c["vocab"], d, 3.0)
    w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()

if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), sys.argv[3])

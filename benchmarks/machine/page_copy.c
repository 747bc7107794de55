/*
 * What this machine takes to recall pages: copies of scattered pages from a large pool to scattered frames, half of each
 * page by either of two cores, after weights have been read as a decode step reads them. The yardstick for the "recall" of
 * `experiment latency`: plain copies, non-temporal stores (which leave nothing in the cache for attention) and rep movsb.
 *
 *   gcc -O2 -march=native -pthread benchmarks/machine/page_copy.c -o page_copy
 *   ./page_copy 16 26 65536 34200000     1b shape, Q4_0: layers, pages a layer, bytes of a page, weights of a layer
 *   ./page_copy 8 29 131072 14000000     attention-heavy shape, Q8_0
 *
 * Needs AVX-512, Linux and cores 0 and 1.
 */
#define _GNU_SOURCE
#include <immintrin.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { MEMCPY, NON_TEMPORAL, REP_MOVSB, WAYS };
static const char *const NAMES[] = {"memcpy", "non-temporal stores", "rep movsb"};
enum { STEPS = 40, WARM_UP = 10, FRAMES = 64, CONTEXT = 1024, HUGE = 2 << 20 };

static int layers, pages, way;
static size_t page_bytes, weight_bytes;
static char *pool, *frames, *weights;
static int *from, *to; /* [steps][layers][pages] */
static atomic_int arrived;
static double copy_ms, read_ms;
static volatile int64_t seen;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static char *huge(size_t bytes) {
    size_t whole = (bytes + 2 * (size_t)HUGE) / HUGE * HUGE;
    char *mapped = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    char *start = (char *)(((uintptr_t)mapped + HUGE - 1) / HUGE * HUGE);
    madvise(start, whole - HUGE, MADV_HUGEPAGE);
    memset(start, 1, whole - HUGE);
    return start;
}

static void copy(char *target, const char *source, size_t bytes) {
    if (way == MEMCPY) {
        memcpy(target, source, bytes);
    } else if (way == REP_MOVSB) {
        __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(bytes) : : "memory");
    } else {
        for (size_t i = 0; i < bytes; i += 128) {
            __m512i a = _mm512_load_si512(source + i);
            __m512i b = _mm512_load_si512(source + i + 64);
            _mm512_stream_si512((void *)(target + i), a);
            _mm512_stream_si512((void *)(target + i + 64), b);
        }
        _mm_sfence();
    }
}

static int64_t sum(const char *at, size_t bytes) {
    __m512i a = _mm512_setzero_si512(), b = a;
    for (size_t i = 0; i < bytes; i += 128) {
        a = _mm512_add_epi32(a, _mm512_load_si512(at + i));
        b = _mm512_add_epi32(b, _mm512_load_si512(at + i + 64));
    }
    return _mm512_reduce_add_epi32(_mm512_add_epi32(a, b));
}

static void meet(int *met) {
    *met += 2;
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < *met) {
        _mm_pause();
    }
}

static void *work(void *argument) {
    int core = (int)(intptr_t)argument, met = 0;
    int64_t sums = 0;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
    size_t half = page_bytes / 2;
    for (int step = 0; step < STEPS; step++) {
        for (int layer = 0; layer < layers; layer++) {
            sums += sum(weights + (2 * layer + core) * (weight_bytes / 2), weight_bytes / 2);
            meet(&met);
            double start = now_ms();
            const int *source = from + ((size_t)step * layers + layer) * pages;
            const int *target = to + ((size_t)step * layers + layer) * pages;
            for (int i = 0; i < pages; i++) {
                copy(frames + ((size_t)layer * FRAMES + target[i]) * page_bytes + core * half,
                     pool + ((size_t)layer * CONTEXT + source[i]) * page_bytes + core * half, half);
            }
            meet(&met);
            double copied = now_ms();
            for (int i = core; i < pages; i += 2) {
                sums += sum(frames + ((size_t)layer * FRAMES + target[i]) * page_bytes, page_bytes);
            }
            meet(&met);
            if (core == 0 && step >= WARM_UP) {
                copy_ms += copied - start;
                read_ms += now_ms() - copied;
            }
        }
    }
    seen += sums;
    return NULL;
}

/* So many different numbers below n. */
static void choose(int *chosen, int count, int n) {
    for (int i = 0; i < count; i++) {
        int other;
        do {
            chosen[i] = rand() % n;
            for (other = 0; chosen[other] != chosen[i]; other++) {
            }
        } while (other < i);
    }
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "give layers, pages recalled in each, bytes of a page, and bytes of a layer's weights\n");
        return 2;
    }
    layers = atoi(arguments[1]);
    pages = atoi(arguments[2]);
    page_bytes = atol(arguments[3]) & ~255L;
    weight_bytes = atol(arguments[4]) & ~255L;
    if (layers < 1 || pages < 1 || pages > FRAMES) {
        fprintf(stderr, "there must be 1 layer or more and 1 to %d pages\n", FRAMES);
        return 2;
    }
    pool = huge((size_t)layers * CONTEXT * page_bytes);
    frames = huge((size_t)layers * FRAMES * page_bytes);
    weights = huge(layers * weight_bytes);
    from = malloc((size_t)STEPS * layers * pages * sizeof *from);
    to = malloc((size_t)STEPS * layers * pages * sizeof *to);
    srand(1);
    for (size_t i = 0; i < (size_t)STEPS * layers; i++) {
        choose(from + i * pages, pages, CONTEXT);
        choose(to + i * pages, pages, FRAMES);
    }
    double megabytes = (double)layers * pages * page_bytes / 1e6;
    int counted = STEPS - WARM_UP;
    printf("%d pages of %zu KiB a step: %.1f MB\n", layers * pages, page_bytes >> 10, megabytes);
    for (way = 0; way < WAYS; way++) {
        pthread_t threads[2];
        copy_ms = read_ms = 0;
        atomic_store(&arrived, 0);
        for (intptr_t core = 0; core < 2; core++) {
            pthread_create(&threads[core], NULL, work, (void *)core);
        }
        pthread_join(threads[0], NULL);
        pthread_join(threads[1], NULL);
        printf("%-20s %.2f ms a step (%.1f GB/s), then reading the frames %.2f ms\n", NAMES[way], copy_ms / counted,
               megabytes * counted / copy_ms, read_ms / counted);
    }
    return 0;
}

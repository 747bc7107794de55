package dev.kvasir.kernels.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SharesTest {

    @ParameterizedTest
    @CsvSource({"3, 10, 0-2 3-5 6-9", "2, 1, - 0-0", "4, 2, - 0-0 - 1-1", "1, 3, 0-2"})
    void piecesAreDealtAsEqualRuns(int workers, int pieces, String runs) {
        var shares = new Shares(workers);
        shares.deal(pieces);
        List<String> dealt = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            List<Integer> taken = takeAll(shares, worker);
            dealt.add(taken.isEmpty() ? "-" : taken.getFirst() + "-" + taken.getLast());
            assertThat(taken).isSorted();
        }
        assertThat(String.join(" ", dealt)).isEqualTo(runs);
    }

    @Test
    void theMostPiecesAreCountedRight() {
        var shares = new Shares(2);
        shares.deal(Integer.MAX_VALUE);
        assertThat(shares.take(0)).isZero();
        assertThat(shares.take(1)).isEqualTo(Integer.MAX_VALUE / 2);
        assertThat(shares.take(1)).isEqualTo(Integer.MAX_VALUE / 2 + 1);
    }

    @Test
    void aTakerThatComesLateNeverTakesAPieceTwice() throws InterruptedException {
        int rounds = 20_000;
        int pieces = 5;
        var shares = new Shares(2);
        var taken = new AtomicIntegerArray(pieces);
        var done = new AtomicIntegerArray(2); // pieces, and whether it is the end
        var thread = new Thread(() -> {
            while (done.get(1) == 0) { // never told that a round begins or ends
                for (int owner = 1; owner >= 0; owner--) {
                    for (int piece = shares.take(owner); piece >= 0; piece = shares.take(owner)) {
                        taken.incrementAndGet(piece);
                        done.incrementAndGet(0);
                    }
                }
            }
        });
        thread.start();
        for (int round = 1; round <= rounds; round++) {
            shares.deal(pieces);
            for (int owner = 0; owner < 2; owner++) {
                for (int piece : takeAll(shares, owner)) {
                    taken.incrementAndGet(piece);
                    done.incrementAndGet(0);
                }
            }
            while (done.get(0) < round * pieces) {
                Thread.onSpinWait();
            }
            for (int piece = 0; piece < pieces; piece++) {
                assertThat(taken.get(piece)).isEqualTo(round);
            }
        }
        done.set(1, 1);
        thread.join();
        assertThat(done.get(0)).isEqualTo(rounds * pieces);
    }

    private static List<Integer> takeAll(Shares shares, int owner) {
        List<Integer> taken = new ArrayList<>();
        for (int piece = shares.take(owner); piece >= 0; piece = shares.take(owner)) {
            taken.add(piece);
        }
        return taken;
    }
}

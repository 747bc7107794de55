package dev.kvasir.report;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({"1,1", "4096,4096", "64k,65536", "512m,536870912", "2g,2147483648", "2G,2147483648", "1.5g,1610612736",
        "2GiB,2147483648", "2gb,2147483648", "' 3 m ',3145728", "1t,1099511627776", "10b,10"})
    void readsUnitsAsPowersOf1024(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "-1g", "2x", "1e9", "0", "0.1", "2 g g", "99999999t", "NaN"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.00 KiB", "5805696,5.54 MiB", "2147483648,2.00 GiB", "536870912,512 MiB",
        "1099511627776,1.00 TiB"})
    void writesTheUnitThatSuits(long bytes, String text) {
        assertThat(ByteSize.readable(bytes)).isEqualTo(text);
    }
}

package dev.kvasir.kernels.machine;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes x86-64 machine code, one instruction a call, for {@link MachineCode} to run. It has the instructions that the kernels need,
 * no more: 64-bit integers for addresses and loops, AVX-512 on whole vectors of 512 bits ({@code zmm0} to {@code zmm31}),
 * and AMX on tiles ({@code tmm0} to {@code tmm7}); vectors and tiles are given by number. Operands stand in Intel's order, the
 * result first.
 *
 * <p>All registers of {@link Register} and all vectors belong to the code that is called: nothing needs to be saved.
 */
public final class Assembler {

    /** The registers a function may change, by their numbers in the encoding; rbx, rbp, rsp and r12 to r15 are not among them. */
    public enum Register {
        RAX(0),
        RCX(1),
        RDX(2),
        RSI(6),
        RDI(7),
        R8(8),
        R9(9),
        R10(10),
        R11(11);

        /** Where a function finds its first six integers or addresses. */
        public static final Register ARGUMENT_1 = RDI;
        public static final Register ARGUMENT_2 = RSI;
        public static final Register ARGUMENT_3 = RDX;
        public static final Register ARGUMENT_4 = RCX;
        public static final Register ARGUMENT_5 = R8;
        public static final Register ARGUMENT_6 = R9;

        private final int number;

        Register(int number) {
            this.number = number;
        }
    }

    /** The address {@code base + index + displacement}; of a tile, {@code index} is the distance of its rows. */
    public record Memory(Register base, @Nullable Register index, int displacement) {

        public static Memory at(Register base) {
            return new Memory(base, null, 0);
        }

        public static Memory at(Register base, int displacement) {
            return new Memory(base, null, displacement);
        }
    }

    // Prefixes and opcode maps of VEX and EVEX, as the manuals number them.
    private static final int NONE = 0;
    private static final int P66 = 1;
    private static final int PF3 = 2;
    private static final int PF2 = 3;
    private static final int MAP_0F = 1;
    private static final int MAP_0F38 = 2;
    private static final int MAP_0F3A = 3;
    private static final int BITS_512 = 2;
    // Other than that: whether lanes are of 64 bits (or, of 16, which of two instructions), and one number for all lanes.
    private static final int WIDE = 1;
    private static final int BROADCAST = 2;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    /** What was written so far. */
    public byte[] code() {
        return code.toByteArray();
    }

    /** The place of the next instruction, for a jump back to it. */
    public int here() {
        return code.size();
    }

    // Integers

    /** {@code to = from}. */
    public void move(Register to, Register from) {
        integer(0x89, from.number, to.number);
    }

    /** {@code to = value}. */
    public void move(Register to, long value) {
        bytes(0x48 | to.number >> 3, 0xb8 | to.number & 7);
        int32((int) value);
        int32((int) (value >> 32));
    }

    /** Loads 64 bits. */
    public void move(Register to, Memory from) {
        bytes(0x48 | to.number >> 3 << 2 | index(from) >> 3 << 1 | from.base.number >> 3, 0x8b);
        address(to.number, from);
    }

    /** {@code to += value}. */
    public void add(Register to, int value) {
        integer(0x81, 0, to.number);
        int32(value);
    }

    /** {@code to += value}. */
    public void add(Register to, Register value) {
        integer(0x01, value.number, to.number);
    }

    /** {@code to <<= bits}. */
    public void shiftLeft(Register to, int bits) {
        integer(0xc1, 4, to.number);
        bytes(bits);
    }

    /** {@code to -= 1}, and remembers whether it became zero. */
    public void decrement(Register to) {
        integer(0xff, 1, to.number);
    }

    /** Goes on at {@code target}, a {@link #here} of before, if the last {@link #decrement} did not give zero. */
    public void jumpIfNotZero(int target) {
        bytes(0x0f, 0x85);
        int32(target - (here() + 4));
    }

    /** Requests the cache line at {@code at} for the second level; an address without memory is ignored. */
    public void prefetcht1(Memory at) {
        bytes(0x40 | index(at) >> 3 << 1 | at.base.number >> 3, 0x0f, 0x18);
        address(2, at);
    }

    /** Ends the function; vectors are left as code without them expects. */
    public void leave() {
        bytes(0xc5, 0xf8, 0x77); // vzeroupper
        bytes(0xc3);
    }

    // Vectors of 512 bits

    /** Loads 64 bytes. */
    public void vmovups(int to, Memory from) {
        evex(NONE, MAP_0F, 0, 0x10, to, 0, from);
    }

    /** Stores 64 bytes. */
    public void vmovups(Memory to, int from) {
        evex(NONE, MAP_0F, 0, 0x11, from, 0, to);
    }

    public void vmovaps(int to, int from) {
        evex(NONE, MAP_0F, 0, 0x28, to, 0, from);
    }

    /** The 32 bits at {@code from} in every lane. */
    public void vbroadcastss(int to, Memory from) {
        evex(P66, MAP_0F38, 0, 0x18, to, 0, from);
    }

    /** The lower 32 bits of {@code from} in every lane. */
    public void vpbroadcastd(int to, Register from) {
        evex(P66, MAP_0F38, 0, 0x7c, to, 0, from.number);
    }

    /** 16 signed bytes as ints. */
    public void vpmovsxbd(int to, Memory from) {
        evex(P66, MAP_0F38, 0, 0x21, to, 0, from);
    }

    /** Half floats as 16 floats. */
    public void vcvtph2ps(int to, Memory from) {
        evex(P66, MAP_0F38, 0, 0x13, to, 0, from);
    }

    public void vpandd(int to, int a, int b) {
        evex(P66, MAP_0F, 0, 0xdb, to, a, b);
    }

    public void vpxord(int to, int a, int b) {
        evex(P66, MAP_0F, 0, 0xef, to, a, b);
    }

    public void vpaddd(int to, int a, int b) {
        evex(P66, MAP_0F, 0, 0xfe, to, a, b);
    }

    /** Ints moved right, with their signs from the left. */
    public void vpsrad(int to, int from, int bits) {
        evex(P66, MAP_0F, 0, 0x72, 4, to, from);
        bytes(bits);
    }

    /** {@code to += a0 b0 + a1 b1 + a2 b2 + a3 b3} in every int, of four unsigned bytes {@code a} and signed ones {@code b}. */
    public void vpdpbusd(int to, int a, int b) {
        evex(P66, MAP_0F38, 0, 0x50, to, a, b);
    }

    /** The first four words of each 128 bits of {@code low} and {@code high}, taken in turns. */
    public void vpunpcklwd(int to, int low, int high) {
        evex(P66, MAP_0F, 0, 0x61, to, low, high);
    }

    /** The last four words of each 128 bits of {@code low} and {@code high}, taken in turns. */
    public void vpunpckhwd(int to, int low, int high) {
        evex(P66, MAP_0F, 0, 0x69, to, low, high);
    }

    /** Two quarters of {@code a}, then two of {@code b}, each chosen by two bits of {@code quarters}, the lowest first. */
    public void vshuff32x4(int to, int a, int b, int quarters) {
        evex(P66, MAP_0F3A, 0, 0x23, to, a, b);
        bytes(quarters);
    }

    /** Ints moved right, with zeros from the left. */
    public void vpsrld(int to, int from, int bits) {
        evex(P66, MAP_0F, 0, 0x72, 2, to, from);
        bytes(bits);
    }

    /** Ints moved left. */
    public void vpslld(int to, int from, int bits) {
        evex(P66, MAP_0F, 0, 0x72, 6, to, from);
        bytes(bits);
    }

    /** Ints as floats. */
    public void vcvtdq2ps(int to, int from) {
        evex(NONE, MAP_0F, 0, 0x5b, to, 0, from);
    }

    public void vmulps(int to, int a, int b) {
        evex(NONE, MAP_0F, 0, 0x59, to, a, b);
    }

    /** {@code to = to * a + b}. */
    public void vfmadd213ps(int to, int a, int b) {
        evex(P66, MAP_0F38, 0, 0xa8, to, a, b);
    }

    /** {@code to = to + a * b}. */
    public void vfmadd231ps(int to, int a, int b) {
        evex(P66, MAP_0F38, 0, 0xb8, to, a, b);
    }

    /** {@code to = to + a * b}, with the 32 bits at {@code b} in every lane. */
    public void vfmadd231ps(int to, int a, Memory b) {
        evex(P66, MAP_0F38, BROADCAST, 0xb8, to, a, b);
    }

    /** Floats as bfloat16: those of {@code low} in the lower 16 lanes, those of {@code high} in the upper ones. */
    public void vcvtne2ps2bf16(int to, int high, int low) {
        evex(PF2, MAP_0F38, 0, 0x72, to, high, low);
    }

    /** Lanes of 16 bits of {@code to} (0 to 31) and {@code second} (32 to 63), in the order of {@code indices}. */
    public void vpermt2w(int to, int indices, int second) {
        evex(P66, MAP_0F38, WIDE, 0x7d, to, indices, second);
    }

    // Tiles

    /** Sets the shapes of all tiles from 64 bytes. */
    public void ldtilecfg(Memory from) {
        vex(NONE, 0x49, 0, from);
    }

    public void tilerelease() {
        bytes(0xc4, 0xe2, 0x78, 0x49, 0xc0);
    }

    public void tilezero(int tile) {
        bytes(0xc4, 0xe2, 0x7b, 0x49, 0xc0 | tile << 3);
    }

    /** Loads a tile whose rows are {@code from.index()} bytes apart. */
    public void tileloadd(int tile, Memory from) {
        vex(PF2, 0x4b, tile, from);
    }

    /** Stores a tile to rows {@code to.index()} bytes apart. */
    public void tilestored(Memory to, int tile) {
        vex(PF3, 0x4b, tile, to);
    }

    /** {@code to[m][n] += sum_k a[m][2k] b[k][2n] + a[m][2k+1] b[k][2n+1]}, of bfloat16 in f32. */
    public void tdpbf16ps(int to, int a, int b) {
        bytes(0xc4, 0xe2, (~b & 15) << 3 | PF3, 0x5c, 0xc0 | to << 3 | a);
    }

    private void integer(int opcode, int reg, int rm) {
        bytes(0x48 | reg >> 3 << 2 | rm >> 3, opcode, 0xc0 | (reg & 7) << 3 | rm & 7);
    }

    private void vex(int prefix, int opcode, int reg, Memory memory) {
        bytes(0xc4, 0x80 | inverted(index(memory), 3, 6) | inverted(memory.base.number, 3, 5) | MAP_0F38, 0x78 | prefix,
                opcode);
        address(reg, memory);
    }

    private void evex(int prefix, int map, int form, int opcode, int reg, int second, Memory memory) {
        evex(prefix, map, form, second, inverted(reg, 3, 7) | inverted(reg, 4, 4) | inverted(index(memory), 3, 6)
                | inverted(memory.base.number, 3, 5));
        bytes(opcode);
        address(reg, memory);
    }

    private void evex(int prefix, int map, int form, int opcode, int reg, int second, int third) {
        evex(prefix, map, form, second,
                inverted(reg, 3, 7) | inverted(reg, 4, 4) | inverted(third, 4, 6) | inverted(third, 3, 5));
        bytes(opcode, 0xc0 | (reg & 7) << 3 | third & 7);
    }

    private void evex(int prefix, int map, int form, int second, int highBits) {
        bytes(0x62, highBits | map, (form & WIDE) << 7 | (~second & 15) << 3 | 4 | prefix,
                BITS_512 << 5 | (form & BROADCAST) << 3 | inverted(second, 4, 3));
    }

    // Bits beyond the three that an instruction has room for stand in its prefix, inverted.
    private static int inverted(int number, int bit, int place) {
        return (~number >> bit & 1) << place;
    }

    private static int index(Memory memory) {
        return memory.index == null ? 4 : memory.index.number; // 4, the stack pointer's, means none
    }

    private void address(int reg, Memory memory) {
        bytes(0x84 | (reg & 7) << 3, (index(memory) & 7) << 3 | memory.base.number & 7);
        int32(memory.displacement);
    }

    private void bytes(int... values) {
        for (int value : values) {
            code.write(value);
        }
    }

    private void int32(int value) {
        bytes(value, value >> 8, value >> 16, value >> 24);
    }
}

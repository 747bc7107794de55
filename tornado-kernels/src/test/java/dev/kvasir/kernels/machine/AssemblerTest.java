package dev.kvasir.kernels.machine;

import dev.kvasir.kernels.machine.Assembler.Memory;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;
import static dev.kvasir.kernels.machine.Assembler.Register.R10;
import static dev.kvasir.kernels.machine.Assembler.Register.R11;
import static dev.kvasir.kernels.machine.Assembler.Register.R8;
import static dev.kvasir.kernels.machine.Assembler.Register.R9;
import static dev.kvasir.kernels.machine.Assembler.Register.RAX;
import static dev.kvasir.kernels.machine.Assembler.Register.RCX;
import static dev.kvasir.kernels.machine.Assembler.Register.RDI;
import static dev.kvasir.kernels.machine.Assembler.Register.RDX;
import static dev.kvasir.kernels.machine.Assembler.Register.RSI;
import static org.assertj.core.api.Assertions.assertThat;

/** The bytes are what LLVM's disassembler reads as the instruction on the left. */
class AssemblerTest {

    @Test
    void integers() {
        check("4c 89 c0", asm -> asm.move(RAX, R8)); // mov rax, r8
        check("49 89 f9", asm -> asm.move(R9, RDI)); // mov r9, rdi
        check("49 bb f0 de bc 9a 78 56 34 12", asm -> asm.move(R11, 0x123456789abcdef0L)); // movabs r11, 0x…
        check("48 81 c6 c0 ff ff ff", asm -> asm.add(RSI, -64)); // add rsi, -64
        check("49 81 c2 00 04 00 00", asm -> asm.add(R10, 1024)); // add r10, 1024
        check("48 01 f8", asm -> asm.add(RAX, RDI)); // add rax, rdi
        check("4d 01 d8", asm -> asm.add(R8, R11)); // add r8, r11
        check("49 c1 e1 0a", asm -> asm.shiftLeft(R9, 10)); // shl r9, 10
        check("49 ff cb", asm -> asm.decrement(R11)); // dec r11
        check("4e 8b 8c 1a 40 00 00 00", asm -> asm.move(R9, new Memory(RDX, R11, 64))); // mov r9, [rdx + r11 + 64]
        check("48 8b 84 21 08 00 00 00", asm -> asm.move(RAX, at(RCX, 8))); // mov rax, [rcx + 8]
    }

    @Test
    void linesAskedFor() {
        check("41 0f 18 94 02 80 04 00 00", asm -> asm.prefetcht1(new Memory(R10, RAX, 1152))); // [r10 + rax + 1152]
        check("42 0f 18 94 1f 40 00 00 00", asm -> asm.prefetcht1(new Memory(RDI, R11, 64))); // [rdi + r11 + 64]
        check("40 0f 18 94 27 00 00 00 00", asm -> asm.prefetcht1(at(RDI))); // [rdi]
    }

    @Test
    void wholeNumbers() {
        check("62 42 7d 48 7c d1", asm -> asm.vpbroadcastd(26, R9)); // vpbroadcastd zmm26, r9d
        check("62 81 35 48 ef ce", asm -> asm.vpxord(17, 9, 30)); // vpxord zmm17, zmm9, zmm30
        check("62 d1 35 40 fe dc", asm -> asm.vpaddd(3, 25, 12)); // vpaddd zmm3, zmm25, zmm12
        check("62 b1 3d 40 72 e2 04", asm -> asm.vpsrad(24, 18, 4)); // vpsrad zmm24, zmm18, 4
        check("62 c2 2d 40 50 eb", asm -> asm.vpdpbusd(21, 26, 11)); // vpdpbusd zmm21, zmm26, zmm11
        check("62 01 55 48 61 da", asm -> asm.vpunpcklwd(27, 5, 26)); // vpunpcklwd zmm27, zmm5, zmm26
        check("62 d1 65 40 69 d2", asm -> asm.vpunpckhwd(2, 19, 10)); // vpunpckhwd zmm2, zmm19, zmm10
        check("62 23 4d 48 23 cf d8", asm -> asm.vshuff32x4(25, 6, 23, 216)); // vshuff32x4 zmm25, zmm6, zmm23, 216
    }

    @Test
    void aJumpCountsFromItsOwnEnd() {
        check("49 ff cb 0f 85 f7 ff ff ff", asm -> { // dec r11; jne to it
            int start = asm.here();
            asm.decrement(R11);
            asm.jumpIfNotZero(start);
        });
    }

    @Test
    void vectorsInMemory() {
        check("62 41 7c 48 10 bc 21 c0 ff ff ff", asm -> asm.vmovups(31, at(R9, -64))); // vmovups zmm31, [r9 - 64]
        check("62 b1 7c 48 10 bc 17 04 00 00 00", asm -> asm.vmovups(7, new Memory(RDI, R10, 4))); // [rdi + r10 + 4]
        check("62 e1 7c 48 11 8c 21 00 10 00 00", asm -> asm.vmovups(at(RCX, 4096), 17)); // vmovups [rcx + 4096], zmm17
        check("62 c2 7d 48 18 a4 20 00 00 00 00", asm -> asm.vbroadcastss(20, at(R8))); // vbroadcastss zmm20, [r8]
        check("62 72 7d 48 21 ac 22 10 00 00 00", asm -> asm.vpmovsxbd(13, at(RDX, 16))); // vpmovsxbd zmm13, [rdx + 16]
    }

    @Test
    void vectorsInRegisters() {
        check("62 11 7c 48 28 ca", asm -> asm.vmovaps(9, 26)); // vmovaps zmm9, zmm26
        check("62 81 65 48 db d6", asm -> asm.vpandd(18, 3, 30)); // vpandd zmm18, zmm3, zmm30
        check("62 91 6d 48 72 d5 14", asm -> asm.vpsrld(2, 29, 20)); // vpsrld zmm2, zmm29, 20
        check("62 b1 5d 40 72 f1 10", asm -> asm.vpslld(20, 17, 16)); // vpslld zmm20, zmm17, 16
        check("62 41 7c 48 5b ca", asm -> asm.vcvtdq2ps(25, 10)); // vcvtdq2ps zmm25, zmm10
        check("62 d1 74 40 59 c8", asm -> asm.vmulps(1, 17, 8)); // vmulps zmm1, zmm17, zmm8
        check("62 b2 7d 40 a8 da", asm -> asm.vfmadd213ps(3, 16, 18)); // vfmadd213ps zmm3, zmm16, zmm18
        check("62 02 1d 48 b8 f1", asm -> asm.vfmadd231ps(30, 12, 25)); // vfmadd231ps zmm30, zmm12, zmm25
        check("62 d2 57 40 72 e2", asm -> asm.vcvtne2ps2bf16(4, 21, 10)); // vcvtne2ps2bf16 zmm4, zmm21, zmm10
        check("62 d2 a5 40 7d f7", asm -> asm.vpermt2w(6, 27, 15)); // vpermt2w zmm6, zmm27, zmm15
    }

    @Test
    void vectorsWithMemory() {
        check("62 e2 7d 48 13 94 27 20 00 00 00", asm -> asm.vcvtph2ps(18, at(RDI, 32))); // vcvtph2ps zmm18, [rdi + 32]
        check("62 d2 6d 50 b8 bc 22 08 00 00 00", asm -> asm.vfmadd231ps(7, 18, at(R10, 8))); // [r10 + 8]{1to16}
        check("40 0f 18 94 21 00 01 00 00", asm -> asm.prefetcht1(at(RCX, 256))); // prefetcht1 [rcx + 256]
        check("41 0f 18 94 21 c0 ff ff ff", asm -> asm.prefetcht1(at(R9, -64))); // prefetcht1 [r9 - 64]
    }

    @Test
    void tiles() {
        check("c4 c2 78 49 84 21 00 00 00 00", asm -> asm.ldtilecfg(at(R9))); // ldtilecfg [r9]
        check("c4 e2 7b 49 e8", asm -> asm.tilezero(5)); // tilezero tmm5
        check("c4 c2 7b 4b bc 0a 00 04 00 00", asm -> asm.tileloadd(7, new Memory(R10, RCX, 1024))); // [r10 + rcx + 1024]
        check("c4 a2 7a 4b 9c 1a 40 00 00 00", asm -> asm.tilestored(new Memory(RDX, R11, 64), 3)); // [rdx + r11 + 64]
        check("c4 e2 42 5c d5", asm -> asm.tdpbf16ps(2, 5, 7)); // tdpbf16ps tmm2, tmm5, tmm7
        check("c4 e2 78 49 c0", Assembler::tilerelease); // tilerelease
    }

    @Test
    void aFunctionEndsWithoutDirtyVectors() {
        check("c5 f8 77 c3", Assembler::leave); // vzeroupper; ret
    }

    private static void check(String bytes, Consumer<Assembler> instruction) {
        var asm = new Assembler();
        instruction.accept(asm);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(asm.code())).isEqualTo(bytes);
    }
}

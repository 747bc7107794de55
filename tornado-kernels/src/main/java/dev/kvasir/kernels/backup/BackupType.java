package dev.kvasir.kernels.backup;

/** How a backup of a page is stored. */
public enum BackupType {
    /** As the page is: a copy. */
    PAGE,
    /** 8 bits a number, rotated, and a scale of 16 bits for each block of 32. */
    Q8_0,
    /** 4 bits a number, rotated, and a scale of 16 bits for each block of 32. */
    Q4_0
}

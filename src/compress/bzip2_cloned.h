// LIGHTSOUT_CLONED before a hot function: compiled twice, for any x86-64 and for one with AVX2 and
// BMI2 (Haswell, 2013; Zen, 2017); the loader chooses. Shifts by a variable count are one step
// instead of three there, which is half of the time of Huffman decoding.
//
// Not under sanitizers, whose runtime does not stand yet when the loader chooses: so they test the
// plain clone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) && defined(__ELF__) && defined(__OPTIMIZE__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define LIGHTSOUT_CLONED __attribute__((target_clones("arch=haswell", "default")))
#else
#define LIGHTSOUT_CLONED
#endif

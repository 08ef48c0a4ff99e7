// Compressed bytes for tests, fuzz seeds and benchmarks, made on the spot by the libraries.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/decompress.h"
#include "core/check.h"

namespace lightsout {

inline std::string gzip_of(std::string_view text) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string bzip2_of_level(std::string_view text, int level) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');  // the bound in bzlib's manual
  auto size = static_cast<unsigned>(out.size());
  CHECK(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                 static_cast<unsigned>(text.size()), level, 0, 0) == BZ_OK);
  out.resize(size);
  return out;
}

inline std::string bzip2_of(std::string_view text) {
  return bzip2_of_level(text, 9);
}

inline std::string zstd_of(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);  // as the zstd program does
  const std::size_t size =
      ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  CHECK(!ZSTD_isError(size));
  out.resize(size);
  return out;
}

inline std::string xz_of(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  CHECK(lzma_easy_buffer_encode(3, LZMA_CHECK_CRC64, nullptr,
                                reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                reinterpret_cast<std::uint8_t*>(out.data()), &size,
                                out.size()) == LZMA_OK);
  out.resize(size);
  return out;
}

struct PackedForm {
  Compression compression;
  std::string (*compress)(std::string_view text);
};

inline constexpr PackedForm kFormats[] = {
    {Compression::gzip, gzip_of},
    {Compression::bzip2, bzip2_of},
    {Compression::zstd, zstd_of},
    {Compression::xz, xz_of},
};

}  // namespace lightsout

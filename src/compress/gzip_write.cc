// SPDX-License-Identifier: Apache-2.0
#include "compress/gzip_write.h"

#include <zlib.h>

#include "core/check.h"

namespace lightsout {

std::string gzip_text(std::string_view text) {
  CHECK(text.size() < (std::size_t{1} << 30));  // zlib counts in 32 bits; answers are far smaller
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 asks for the gzip wrapper
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // not written to
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace lightsout

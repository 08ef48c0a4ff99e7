// The only file that knows librsvg and cairo.
//
// SPDX-License-Identifier: Apache-2.0
#include <cairo.h>
#include <librsvg/rsvg.h>
#include <zlib.h>

#include <memory>

#include "api/figure.h"

namespace lightsout::api {

namespace {

constexpr std::size_t kMaxPixels = 20'000'000;  // 80 MB while it is drawn

struct Unref {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

cairo_status_t append(void* into, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

void add_word(std::string& bytes, std::uint32_t word) {
  for (const unsigned shift : {24u, 16u, 8u, 0u}) bytes += static_cast<char>(word >> shift & 0xff);
}

// ISO/IEC 15948 section 11.3.4.5: keyword, no compression, no language, UTF-8 text.
std::string text_chunk(const std::string& keyword, const std::string& text) {
  std::string body = "iTXt" + keyword;
  body.append(5, '\0');  // end of keyword, two compression bytes, two empty texts
  body += text;
  std::string chunk;
  add_word(chunk, static_cast<std::uint32_t>(body.size() - 4));
  chunk += body;
  const uLong sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  add_word(chunk, static_cast<std::uint32_t>(sum));
  return chunk;
}

Error failure(const char* what) {
  return {ErrorKind::world, std::string("the picture could not be drawn: ") + what};
}

}  // namespace

Result<std::string> png_of(const Figure& figure, int scale, const PngTexts& texts) {
  const int width = figure.width * scale;
  const int height = figure.height * scale;
  if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > kMaxPixels) {
    return Error{ErrorKind::limit,
                 "the picture would have more than 20 million pixels: ask for a smaller width= or "
                 "scale=, or for fewer signals"};
  }
  GError* error = nullptr;
  const std::unique_ptr<RsvgHandle, Unref> handle(rsvg_handle_new_from_data(
      reinterpret_cast<const guint8*>(figure.svg.data()), figure.svg.size(), &error));
  if (!handle) {
    g_clear_error(&error);
    return failure("it is no SVG");
  }
  const std::unique_ptr<cairo_surface_t, Unref> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return failure("no memory");
  const std::unique_ptr<cairo_t, Unref> context(cairo_create(surface.get()));
  const RsvgRectangle viewport{0, 0, static_cast<double>(width), static_cast<double>(height)};
  if (!rsvg_handle_render_document(handle.get(), context.get(), &viewport, &error)) {
    g_clear_error(&error);
    return failure("the renderer refused it");
  }
  std::string png;
  if (cairo_surface_write_to_png_stream(surface.get(), append, &png) != CAIRO_STATUS_SUCCESS) {
    return failure("it could not be written");
  }
  // Behind the signature (8 bytes) and IHDR (25 bytes), which must come first.
  std::string chunks;
  for (const auto& [keyword, text] : texts) chunks += text_chunk(keyword, text);
  if (png.size() > 33) png.insert(33, chunks);
  return png;
}

}  // namespace lightsout::api

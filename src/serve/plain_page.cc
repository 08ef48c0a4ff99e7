// SPDX-License-Identifier: Apache-2.0
#include "serve/plain_page.h"

#include <fmt/format.h>

#include "pages/frame.h"
#include "report/escape.h"

namespace lightsout {

WebResponse plain_page(const Language& say, int status, std::string_view sentence) {
  return {
      .status = status,
      .content_type = "text/html; charset=utf-8",
      .body = fmt::format(
          "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head><meta charset=\"utf-8\"/>"
          "<meta name=\"viewport\" content=\"width=device-width\"/><title>Lightsout</title>"
          "<link rel=\"stylesheet\" href=\"{}\"/></head>\n<body><main><h1>{}</h1><p>{}</p><p><a "
          "href=\"/\">Lightsout</a></p></main>"
          "</body>\n</html>\n",
          say.code(), say.direction(), style_path(), status, escape_html(sentence)),
      .headers = {},
      .max_age = 0};
}

}  // namespace lightsout

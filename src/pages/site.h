// Site: what a page is made from, and the list of all pages.
//
// A page is a function from an Observatory, a language and a request to a WebResponse: one file in
// this folder and one line in all_pages.cc. It is complete without a script: links, forms, SVG and
// tables. frame.h puts the header, the navigation and the footer around it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "language/language.h"
#include "web/exchange.h"
#include "web/observatory.h"
#include "web/query.h"

namespace lightsout {

struct PageContext {
  Observatory& observatory;
  const Language& say;
  const WebRequest& request;
  ReadQuery query;
  Zone zone;  // that of ?tz=, or of the entity's capital where a page has one; UTC otherwise
  Time now;
};

struct Page {
  std::string_view path;   // "/country/{code}": a part in braces fits any text
  std::string_view title;  // key of a message
  WebResponse (*show)(const PageContext& context);
};

std::span<const Page> all_pages();

}  // namespace lightsout

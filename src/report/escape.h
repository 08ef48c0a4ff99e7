// Escaping: names and notes come from files of strangers and must stay text wherever they land.
//
// Every output function escapes at the last moment and every text passes clean_text(), which makes
// it valid UTF-8 and takes out control characters and the invisible ones that turn the reading
// direction around (Unicode Standard Annex 9): with those a name can forge the words beside it.
//
//   escape_html("<b> & \"x\"")   // "&lt;b&gt; &amp; &quot;x&quot;"
//   to_ascii("−3 % · Réunion")   // "-3 % - Reunion"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightsout {

// Valid UTF-8 in one line: bad bytes become U+FFFD, control characters and line ends a blank,
// direction overrides and invisible marks nothing.
std::string clean_text(std::string_view text);

// For text and for attribute values in double or single quotes, HTML and SVG.
std::string escape_html(std::string_view text);

// For running text and table cells of CommonMark with tables: nothing of it can be markup.
std::string escape_markdown(std::string_view text);

// Without the quotation marks around it (RFC 8259 section 7).
std::string escape_json(std::string_view text);

// One CSV cell, quoted when it must be (RFC 4180). A cell that a spreadsheet would take for a
// formula gets a quotation mark in front.
std::string csv_cell(std::string_view text);

// A TEXT value of iCalendar (RFC 5545 section 3.3.11).
std::string escape_ical(std::string_view text);

// The nearest plain ASCII; what has none becomes '?'.
std::string to_ascii(std::string_view text);

// How many columns a text takes on a terminal: its code points, for it holds no wide ones of ours.
std::size_t columns_of(std::string_view text);

}  // namespace lightsout

// Schemas: what the JSON answers look like, for the OpenAPI document and the test that checks every
// answer against it.
//
// Most answers are tables, so most schemas are one line of columns; rows allow no other field, so a
// column that the line does not name fails the test.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightsout::api {

// {"Entities": {...}, "Series": {...}, ...}: JSON Schema 2020-12, as components/schemas.
std::string schemas_json();

}  // namespace lightsout::api

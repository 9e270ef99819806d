/* Probabilities of survivors, for the stages that compare them with a number.   SPDX-License-Identifier: MIT */
#include "chain.h"
#include "mass.h"
#include "stats.h"

static double list_mass(const lk_chain *c)
{
  double sum = 0;
  for (uint32_t i = 0; i < c->count; i++) sum += c->work.list_e[i];
  return sum;
}

double lk_chain_mass(const lk_chain *c) { return c->listed ? list_mass(c) : lk_mass(&c->row, &c->exp, c->cut); }

double lk_chain_level(const lk_chain *c, double mass, double ln_p)
{
  double y = ln_p + lk_exp_ln(&c->exp, c->temperature, mass);
  if (c->temperature == (double)LK_INF) return y <= 0 ? -(double)LK_INF : (double)LK_INF;
  double level = c->temperature * y, max = lk_chain_max(c);
  return __builtin_fabs(level - max) <= 0x1p-20 * c->temperature ? max : level;
}

double lk_chain_drawn(const lk_chain *c)
{
  float e = 0;
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++)
      if (c->work.list_id[i] == c->token) e = c->work.list_e[i];
  } else {
    float z = lk_row_at(&c->row, c->token);
    if (lk_key_keeps(c->cut, z, c->token)) e = lk_exp_of(&c->exp, z);
  }
  return e / lk_chain_mass(c);
}

// The trainings, and the digests of what they leave.
#include "trainings.h"

#include "floats.h"
#include "update.h"

// Trainings of Tests/RecurrentTests, whose literals the digests are. The first is one of DigestTests, the others are
// the deep ones of CellDigestTests: two layers and two directions with dropout.
#define DEEP .length = 5, .batch = 3, .inputs = 2, .hidden = 19, .outputs = 3, .layers = 2, .directions = 2, \
             .dropout = 0.3, .optimizer = ADAM, .learning_rate = 0.003, .steps = 100
static const settings tested[] = {
    {.name = "rnn relu without bias", .cell = RNN_RELU, .has_no_bias = 1, .length = 7, .batch = 3, .inputs = 3,
     .hidden = 21, .outputs = 5, .layers = 1, .directions = 1, .optimizer = ADAM, .learning_rate = 0.02, .steps = 200},
    {.name = "deep rnn tanh", .cell = RNN_TANH, DEEP},
    {.name = "deep rnn relu", .cell = RNN_RELU, DEEP},
    {.name = "deep lstm", .cell = LSTM, DEEP},
    {.name = "deep lstm projected", .cell = LSTM, .projection = 6, DEEP},
    {.name = "deep gru", .cell = GRU, DEEP},
    {.name = "deep gru without bias", .cell = GRU, .has_no_bias = 1, DEEP},
};

// Other losses, optimizers and shapes: packed weights, long chains, wide layers.
static const settings others[] = {
    {.name = "rnn tanh, sgd nesterov, huber", .cell = RNN_TANH, .length = 6, .batch = 5, .inputs = 3, .hidden = 37,
     .outputs = 4, .layers = 2, .directions = 1, .loss = HUBER, .optimizer = SGD, .learning_rate = 0.02,
     .momentum = 0.9, .weight_decay = 0.01, .nesterov = 1, .steps = 30},
    {.name = "rnn relu, sgd momentum, clipped", .cell = RNN_RELU, .length = 5, .batch = 2, .inputs = 1, .hidden = 70,
     .outputs = 1, .layers = 2, .directions = 1, .dropout = 0.1, .optimizer = SGD, .learning_rate = 0.02,
     .momentum = 0.8, .most_norm = 0.5, .most_value = 0.05, .steps = 30},
    {.name = "rnn tanh, sgd without momentum", .cell = RNN_TANH, .length = 3, .batch = 1, .inputs = 1, .hidden = 5,
     .outputs = 2, .layers = 1, .directions = 1, .optimizer = SGD, .learning_rate = 0.1, .steps = 50},
    {.name = "rnn tanh, long window, adam with decay", .cell = RNN_TANH, .length = 190, .batch = 3, .inputs = 2,
     .hidden = 33, .outputs = 2, .layers = 1, .directions = 2, .optimizer = ADAM, .learning_rate = 0.01,
     .weight_decay = 0.02, .steps = 20},
    {.name = "lstm, adamw, mae", .cell = LSTM, .length = 4, .batch = 3, .inputs = 2, .hidden = 35, .outputs = 3,
     .layers = 2, .directions = 2, .dropout = 0.5, .loss = ABSOLUTE, .optimizer = ADAMW, .learning_rate = 0.01,
     .weight_decay = 0.01, .steps = 20},
    {.name = "lstm projected, rmsprop momentum, cross-entropy", .cell = LSTM, .projection = 9, .length = 5, .batch = 4,
     .inputs = 3, .hidden = 23, .outputs = 7, .layers = 2, .directions = 2, .dropout = 0.2, .loss = CROSS_ENTROPY,
     .optimizer = RMSPROP, .learning_rate = 0.002, .momentum = 0.9, .weight_decay = 0.001, .steps = 30},
    {.name = "lstm, wide, one stream", .cell = LSTM, .length = 2, .batch = 1, .inputs = 1, .hidden = 150, .outputs = 1,
     .layers = 1, .directions = 1, .optimizer = ADAM, .learning_rate = 0.003, .steps = 20},
    {.name = "gru, rmsprop, cross-entropy", .cell = GRU, .length = 4, .batch = 3, .inputs = 2, .hidden = 41,
     .outputs = 20, .layers = 1, .directions = 2, .loss = CROSS_ENTROPY, .optimizer = RMSPROP, .learning_rate = 0.003,
     .steps = 30},
    {.name = "gru, adamw, many streams", .cell = GRU, .length = 2, .batch = 50, .inputs = 5, .hidden = 27, .outputs = 2,
     .layers = 2, .directions = 1, .dropout = 0.3, .loss = HUBER, .optimizer = ADAMW, .learning_rate = 0.01,
     .weight_decay = 0.1, .most_norm = 0.3, .steps = 20},
};

static void set_data(network *n, uint64_t step) {
  const settings *s = n->settings;
  const size_t row_count = s->length * s->batch;
  set_numbers(row_count * s->inputs, step, n->inputs);
  if (s->loss == CROSS_ENTROPY) {
    for (size_t r = 0; r < row_count; r++) {
      n->targets[r] = (float)((r * 5 + step) % s->outputs);
    }
  } else {
    set_numbers(row_count * s->outputs, 2 * step, n->targets);
  }
}

// The loss; leaves its gradient. A classification adds how many rows are right.
static double loss(const network *n, digest *d) {
  const size_t row_count = n->settings->length * n->settings->batch, count = row_count * n->settings->outputs;
  size_t correct = 0;
  double mean;
  switch (n->settings->loss) {
    case ABSOLUTE: return n->kernels->mean_absolute_error(count, n->outputs, n->targets, n->output_slope);
    case HUBER: return n->kernels->huber(count, n->outputs, n->targets, 1.0f, n->output_slope);
    case CROSS_ENTROPY:
      mean = n->kernels->cross_entropy(row_count, n->settings->outputs, n->outputs, n->targets, n->output_slope,
                                       &correct);
      add_number(d, (uint32_t)correct);
      return mean;
    default: return n->kernels->mean_squared_error(count, n->outputs, n->targets, n->output_slope);
  }
}

// Trains. Adds every loss and gradient norm; carries the states from window to window. Returns 0 if it diverged.
static int train(network *n, digest *d) {
  int is_finite = 1;
  for (int step = 1; step <= n->settings->steps; step++) {
    set_data(n, (uint64_t)step);
    network_forward(n, (uint64_t)step);
    add_double(d, loss(n, d));
    network_backward(n, (uint64_t)step);
    const double norm = gradient_norm(n);
    add_double(d, norm);
    clip_gradients(n, norm);
    is_finite &= update(n, step);
    for (size_t place = 0; place < n->place_count; place++) {
      carry(&n->places[place]);
    }
  }
  return is_finite;
}

static void add_parameters(tensor *t, void *d) { add_floats(d, t->count, t->p); }

static void add_first_moments(tensor *t, void *d) { add_floats(d, t->count, t->m); }

static void add_second_moments(tensor *t, void *d) { add_floats(d, t->count, t->v); }

// The states that the next window would start from.
static void add_states(digest *d, const network *n) {
  const settings *s = n->settings;
  for (size_t place = 0; place < n->place_count; place++) {
    const layer *l = &n->places[place];
    const size_t first = l->is_reverse ? s->length * s->batch : 0;
    add_floats(d, s->batch * state_size(s), l->hidden + first * state_size(s));
    if (s->cell == LSTM) {
      add_floats(d, s->batch * s->hidden, l->cell + first * s->hidden);
    }
  }
}

// One digest of all, in the order of the tests.
static void digest_tested(const ks_kernels *kernels, const settings *s) {
  network n;
  digest d = new_digest();
  set_network(&n, kernels, s);
  train(&n, &d);
  for_each_tensor(&n, add_parameters, &d);
  for_each_tensor(&n, add_first_moments, &d);
  for_each_tensor(&n, add_second_moments, &d);
  add_states(&d, &n);
  print_digest(&d, "tested training, %s", s->name);
  free_floats();
}

// A digest of each part, so that a difference says where it is.
static void digest_training(const ks_kernels *kernels, const settings *s) {
  network n;
  digest losses = new_digest(), parameters = new_digest(), moments = new_digest(), states = new_digest();
  set_network(&n, kernels, s);
  const int is_finite = train(&n, &losses);
  for_each_tensor(&n, add_parameters, &parameters);
  for_each_tensor(&n, add_first_moments, &moments);
  for_each_tensor(&n, add_second_moments, &moments);
  add_states(&states, &n);
  const char *remark = is_finite ? "" : " (DIVERGED)";
  print_digest(&losses, "training, %s: losses and norms%s", s->name, remark);
  print_digest(&parameters, "training, %s: parameters%s", s->name, remark);
  print_digest(&moments, "training, %s: moments%s", s->name, remark);
  print_digest(&states, "training, %s: states%s", s->name, remark);
  free_floats();
}

void digest_trainings(const ks_kernels *kernels) {
  for (size_t i = 0; i < sizeof tested / sizeof tested[0]; i++) {
    digest_tested(kernels, &tested[i]);
  }
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    digest_training(kernels, &others[i]);
  }
}

//! The network: layers of weights with tanh between them, and a softmax at the end. It learns by stochastic gradient
//! descent with momentum.

use memo_runtime::memo;
use serde::{Deserialize, Serialize};

use crate::data::Example;
use crate::random::Random;

/// How many examples each step looks at.
const BATCH: usize = 10;

/// How much of a step is the step before.
const MOMENTUM: f64 = 0.9;

/// Teaches a network of so many hidden layers, with so many units in each, to recognise the examples.
///
/// `lr` is the learning rate, how far a step goes along the gradient. An epoch looks at each example once. The seed
/// decides the first weights and the order of the examples.
#[memo]
pub(crate) fn train(
    layers: usize,
    hidden: usize,
    lr: f64,
    epochs: u32,
    seed: u64,
    examples: &[Example],
) -> Network {
    let mut random = Random::new(seed);
    let mut network = Network::new(layers, hidden, arms(examples), &mut random);
    let mut step = network.zeros();
    let mut order: Vec<&Example> = examples.iter().collect();
    for _ in 0..epochs {
        random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            let mut gradient = network.zeros();
            for example in batch {
                network.add_gradient(example, &mut gradient);
            }
            network.descend(&gradient, lr / batch.len() as f64, &mut step);
        }
    }
    network
}

/// How many arms the examples are of.
fn arms(examples: &[Example]) -> usize {
    let last = examples.iter().map(|example| example.arm).max();
    last.map_or(0, |last| last + 1)
}

/// A network: from a point to how likely it belongs to each arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Network {
    layers: Vec<Layer>,
}

impl Network {
    fn new(layers: usize, hidden: usize, arms: usize, random: &mut Random) -> Self {
        let units = [2].into_iter().chain(vec![hidden; layers]).chain([arms]);
        let units: Vec<usize> = units.collect();
        let layer = |pair: &[usize]| Layer::new(pair[0], pair[1], random);
        Self {
            layers: units.windows(2).map(layer).collect(),
        }
    }

    /// The probability of each arm, for a point.
    pub(crate) fn probabilities(&self, point: [f64; 2]) -> Vec<f64> {
        self.signals(point).pop().unwrap_or_default()
    }

    /// The arm that a point most likely belongs to.
    pub(crate) fn guess(&self, point: [f64; 2]) -> usize {
        let probabilities = self.probabilities(point);
        let arms = 0..probabilities.len();
        arms.max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]))
            .unwrap_or(0)
    }

    /// The share of examples that are recognised, from 0 to 1.
    pub(crate) fn accuracy(&self, examples: &[Example]) -> f64 {
        let right = |example: &&Example| self.guess(example.point) == example.arm;
        examples.iter().filter(right).count() as f64 / examples.len() as f64
    }

    /// How surprising the examples are, on average: the cross entropy, in nats.
    pub(crate) fn loss(&self, examples: &[Example]) -> f64 {
        let surprise = |example: &Example| -self.probabilities(example.point)[example.arm].ln();
        examples.iter().map(surprise).sum::<f64>() / examples.len() as f64
    }

    /// What goes into each layer, and what comes out of the last.
    fn signals(&self, point: [f64; 2]) -> Vec<Vec<f64>> {
        let mut signals = vec![point.to_vec()];
        for (layer, behind) in self.layers.iter().zip((0..self.layers.len()).rev()) {
            let mut sums = layer.forward(&signals[signals.len() - 1]);
            if behind == 0 {
                softmax(&mut sums);
            } else {
                sums.iter_mut().for_each(|sum| *sum = sum.tanh());
            }
            signals.push(sums);
        }
        signals
    }

    /// Adds to `gradient` how the loss changes with each weight, for one example.
    fn add_gradient(&self, example: &Example, gradient: &mut [Vec<f64>]) {
        let mut signals = self.signals(example.point);
        // Of softmax and cross entropy together, the slope is the error.
        let mut slopes = signals.pop().unwrap_or_default();
        slopes[example.arm] -= 1.0;
        let layers = self.layers.iter().zip(signals).zip(gradient);
        for ((layer, input), gradient) in layers.rev() {
            slopes = layer.backward(&input, &slopes, gradient);
            for (slope, tanh) in slopes.iter_mut().zip(input) {
                *slope *= 1.0 - tanh * tanh;
            }
        }
    }

    /// Goes a step down the gradient, and on in the direction of the step before.
    fn descend(&mut self, gradient: &[Vec<f64>], rate: f64, step: &mut [Vec<f64>]) {
        for ((layer, slopes), step) in self.layers.iter_mut().zip(gradient).zip(step) {
            for ((weight, slope), step) in layer.weights.iter_mut().zip(slopes).zip(step) {
                *step = MOMENTUM * *step - rate * slope;
                *weight += *step;
            }
        }
    }

    /// A zero for each weight.
    fn zeros(&self) -> Vec<Vec<f64>> {
        let layers = self.layers.iter();
        layers.map(|layer| vec![0.0; layer.weights.len()]).collect()
    }
}

/// Units that each weigh all inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Layer {
    inputs: usize,
    /// Unit by unit: a weight for each input, then the bias.
    weights: Vec<f64>,
}

impl Layer {
    fn new(inputs: usize, units: usize, random: &mut Random) -> Self {
        let scale = 1.0 / (inputs as f64).sqrt();
        let weights = (0..units * (inputs + 1)).map(|_| scale * random.normal());
        Self {
            inputs,
            weights: weights.collect(),
        }
    }

    fn forward(&self, input: &[f64]) -> Vec<f64> {
        let units = self.weights.chunks_exact(self.inputs + 1);
        let sum = |unit: &[f64]| {
            let weighed = input.iter().zip(unit).map(|(input, weight)| input * weight);
            unit[self.inputs] + weighed.sum::<f64>()
        };
        units.map(sum).collect()
    }

    /// From the slopes of the outputs to those of the inputs; those of the weights are added to `gradient`.
    fn backward(&self, input: &[f64], slopes: &[f64], gradient: &mut [f64]) -> Vec<f64> {
        let mut back = vec![0.0; self.inputs];
        let units = self.weights.chunks_exact(self.inputs + 1);
        let gradients = gradient.chunks_exact_mut(self.inputs + 1);
        for ((unit, gradient), slope) in units.zip(gradients).zip(slopes) {
            for i in 0..self.inputs {
                gradient[i] += slope * input[i];
                back[i] += slope * unit[i];
            }
            gradient[self.inputs] += slope;
        }
        back
    }
}

/// Turns sums into probabilities.
fn softmax(sums: &mut [f64]) {
    // The largest becomes 1, so that nothing overflows.
    let largest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    sums.iter_mut()
        .for_each(|sum| *sum = (*sum - largest).exp());
    let total: f64 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= total);
}

#[cfg(test)]
mod tests {
    use memo_runtime::call;

    use super::*;
    use crate::data::{self, Data};

    fn data() -> Data {
        call!(data::prepare(3, 50, 0.1)).uncached()
    }

    /// Trains without the store: a test is of the code, not of what the code once did.
    fn trained(data: &Data, epochs: u32, seed: u64) -> Network {
        call!(train(2, 12, 0.05, epochs, seed, &data.training)).uncached()
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        const STEP: f64 = 1e-5;
        let example = Example {
            point: [0.3, -0.7],
            arm: 1,
        };
        let mut network = Network::new(2, 4, 3, &mut Random::new(5));
        let mut gradient = network.zeros();
        network.add_gradient(&example, &mut gradient);
        for (layer, slopes) in gradient.iter().enumerate() {
            for (at, slope) in slopes.iter().enumerate() {
                let mut loss = |offset: f64| {
                    network.layers[layer].weights[at] += offset;
                    let loss = network.loss(std::slice::from_ref(&example));
                    network.layers[layer].weights[at] -= offset;
                    loss
                };
                let measured = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
                let off = (measured - slope).abs();
                assert!(off < 1e-8, "weight {at} of layer {layer}: off by {off}");
            }
        }
    }

    #[test]
    fn it_learns_what_it_was_not_shown() {
        let data = data();
        let untrained = trained(&data, 0, 0).accuracy(&data.test);
        assert!(untrained < 0.6, "accuracy {untrained} before");
        let network = trained(&data, 60, 0);
        let accuracy = network.accuracy(&data.test);
        assert!(accuracy > 0.9, "accuracy {accuracy} after");
        assert!(network.loss(&data.test) < trained(&data, 0, 0).loss(&data.test));
    }

    #[test]
    fn the_seed_decides_what_is_learned() {
        let data = data();
        assert_eq!(trained(&data, 3, 1), trained(&data, 3, 1));
        assert_ne!(trained(&data, 3, 1), trained(&data, 3, 2));
    }

    #[test]
    fn probabilities_add_up_to_one_however_large_the_sums() {
        for sums in [[0.0, 1.0, 2.0], [1e6, -1e6, 1e6]] {
            let mut probabilities = sums;
            softmax(&mut probabilities);
            let total: f64 = probabilities.iter().sum();
            assert!((total - 1.0).abs() < 1e-12, "{probabilities:?}");
            assert!(probabilities[2] >= probabilities[0]);
        }
    }
}

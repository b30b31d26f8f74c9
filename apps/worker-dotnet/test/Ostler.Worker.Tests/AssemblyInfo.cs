using Xunit;

// A worker takes the Console away, which there is only one of.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

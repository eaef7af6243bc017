using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>Inside the program under test: counts how often each point is reached, and causes the faults that are armed there.</summary>
internal sealed class FaultEngine
{
    private static readonly TimeSpan GathersFor = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<string, int> _reached = new();
    private volatile IReadOnlyList<Armed> _armed = [];

    /// <summary>How often each point was reached.</summary>
    public IReadOnlyDictionary<string, int> Reached => _reached;

    /// <summary>These faults and no others.</summary>
    public void Arm(IEnumerable<FaultPlan> plans) => _armed = [.. plans.Select(plan => new Armed(plan))];

    public async Task ReachAsync(string point, string text)
    {
        _reached.AddOrUpdate(point, 1, (_, count) => count + 1);
        foreach (var fault in _armed.Where(fault => fault.Concerns(point, text)))
        {
            // On a slow machine another replica may have got one of those that are waited for.
            if (!fault.IsComplete())
                await Task.WhenAny(fault.All, Task.Delay(GathersFor));
            if (fault.Plan.Time > TimeSpan.Zero)
                await Task.Delay(fault.Plan.Time);
            fault.Happen();
        }
    }

    /// <summary>For the points around a commit, which can't wait: the nth commit is hit.</summary>
    public void Reach(string point)
    {
        _reached.AddOrUpdate(point, 1, (_, count) => count + 1);
        foreach (var fault in _armed.Where(fault => fault.Concerns(point, "")))
        {
            if (!fault.IsComplete())
                continue;
            Thread.Sleep(fault.Plan.Time);
            fault.Happen();
        }
    }

    private sealed class Armed(FaultPlan plan)
    {
        private readonly Random _random = new(plan.Seed);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Once for all that wait: none goes on before the freeze, and none freezes it again when it has been thawed.
        private readonly Lazy<bool> _froze = new(Freeze);
        private int _waiting;

        public FaultPlan Plan => plan;

        public Task All => _all.Task;

        public bool Concerns(string point, string text)
        {
            if (plan.Point != point || !text.Contains(plan.Match, StringComparison.Ordinal))
                return false;
            lock (_random)
                return plan.Probability >= 1 || _random.NextDouble() < plan.Probability;
        }

        public bool IsComplete()
        {
            if (Interlocked.Increment(ref _waiting) < plan.Gather)
                return false;
            _all.TrySetResult();
            return true;
        }

        public void Happen()
        {
            switch (plan.Action)
            {
                case FaultAction.Abort:
                    Environment.FailFast("The test aborts at " + plan.Point);
                    break;
                case FaultAction.Throw:
                    throw new InvalidOperationException("The test throws at " + plan.Point);
                case FaultAction.Freeze:
                    _ = _froze.Value;
                    break;
            }
        }

        private static bool Freeze()
        {
            using var kill = Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            return true;
        }
    }
}

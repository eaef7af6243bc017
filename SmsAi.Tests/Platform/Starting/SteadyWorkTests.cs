using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Tests.Platform.Starting;

/// <summary>Background work outlives what it was not made for.</summary>
public sealed class SteadyWorkTests
{
    [Fact]
    public async Task Work_goes_on_after_whatever_it_meets_and_each_kind_is_told_once()
    {
        var told = new Told();
        var turns = new Queue<Exception>([new InvalidCastException("one"), new FormatException("two"), new InvalidCastException("three"), new OperationCanceledException("not ours")]);
        var workedOn = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();

        var work = SteadyWork.RunAsync(
            async stopping =>
            {
                if (turns.TryDequeue(out var fault)) throw fault;
                workedOn.SetResult();
                await Task.Delay(Timeout.Infinite, stopping);
            },
            told, stop.Token);
        await workedOn.Task.WaitAsync(TimeSpan.FromSeconds(20));

        told.Lines.ShouldBe([(LogLevel.Critical, typeof(InvalidCastException)), (LogLevel.Critical, typeof(FormatException)), (LogLevel.Critical, typeof(OperationCanceledException))]);
        await stop.CancelAsync();
        await work.WaitAsync(TimeSpan.FromSeconds(5));
        told.Lines.Count.ShouldBe(3, "being stopped is nothing to tell");
    }

    [Fact]
    public async Task Wait_after_a_fault_ends_at_once_when_the_program_stops()
    {
        var told = new Told();
        using var stop = new CancellationTokenSource();
        var work = SteadyWork.RunAsync(_ => throw new InvalidCastException(), told, stop.Token);
        told.Lines.ShouldHaveSingleItem();

        await stop.CancelAsync();

        await work.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Work_that_is_done_is_not_begun_again()
    {
        var times = 0;

        await SteadyWork.RunAsync(_ => Task.FromResult(times++), new Told(), CancellationToken.None);

        times.ShouldBe(1);
    }

    private sealed class Told : ILogger
    {
        public ConcurrentQueue<(LogLevel Level, Type? Fault)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, exception?.GetType()));
    }
}

using System.Collections.Concurrent;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Tests.Pipeline;

/// <summary>A model that answers "You said: …" after a while, with a ledger of what it was asked.</summary>
public sealed class FakeModel : IChatModel
{
    private readonly ConcurrentQueue<Func<ModelRequest, ModelResult>> _script = new();

    public ConcurrentQueue<ModelRequest> Asked { get; } = new();

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>It thinks until this is over, too.</summary>
    public Task Thinks { get; set; } = Task.CompletedTask;

    public void Next(Func<ModelRequest, ModelResult> answer) => _script.Enqueue(answer);

    public async Task<ModelResult> AnswerAsync(ModelRequest request, CancellationToken cancel)
    {
        Asked.Enqueue(request);
        try
        {
            await Task.Delay(Latency, cancel);
            await Thinks.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return new ModelResult.Cancelled();
        }

        return _script.TryDequeue(out var answer)
            ? answer(request)
            : new ModelResult.Answer("You said: " + request.Turns[^1].Text, "gpt-4o-mini-2024-07-18", new ModelUsage(1000, 200, 100, 0), "stop") { Elapsed = Latency };
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace SmsAi.Bench.Floor;

/// <summary>The floor's process: reads its settings and then its orders, a line each, and answers each order with a line.</summary>
internal static class FloorProgram
{
    // As many as the product works on at once.
    private const int TurnsAtOnce = 512;

    public static async Task<int> RunAsync(TextReader orders, TextWriter answers)
    {
        if (await orders.ReadLineAsync() is not { } first)
            return 2;
        await using var writer = await FloorWriter.StartAsync(JsonSerializer.Deserialize<FloorSettings>(first)!);
        while (await orders.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<FloorOrder>(line)!;
            var began = Stopwatch.GetTimestamp();
            await TextAsync(writer, order);
            await answers.WriteLineAsync(JsonSerializer.Serialize(new FloorDone(Stopwatch.GetElapsedTime(began).TotalSeconds)));
            await answers.FlushAsync();
        }

        return 0;
    }

    private static async Task TextAsync(FloorWriter writer, FloorOrder order)
    {
        var next = -1;
        var under = new List<Task>(order.Texts);
        using var turns = new SemaphoreSlim(TurnsAtOnce);
        await Task.WhenAll(Enumerable.Range(0, order.Senders).Select(_ => SendAsync()));
        await Task.WhenAll(under);

        async Task SendAsync()
        {
            await Task.Yield();
            for (var index = Interlocked.Increment(ref next); index < order.Texts; index = Interlocked.Increment(ref next))
            {
                await turns.WaitAsync();
                var text = await writer.TakeInAsync(order.FirstNumber + index, index);
                var answering = AnswerAsync(text);
                lock (under)
                    under.Add(answering);
            }
        }

        async Task AnswerAsync(FloorText text)
        {
            try
            {
                await writer.AnswerAsync(text);
            }
            finally
            {
                turns.Release();
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace SmsAi.Bench.Floor;

/// <summary>The floor's process: reads its settings, says where its door is, and then reads its orders, a line each, and answers each with a line.</summary>
internal static class FloorProgram
{
    public static async Task<int> RunAsync(TextReader orders, TextWriter answers)
    {
        if (await orders.ReadLineAsync() is not { } first)
            return 2;
        var settings = JsonSerializer.Deserialize<FloorSettings>(first)!;
        await using var writer = await FloorWriter.StartAsync(settings);
        using var turns = new FloorTurns(writer);
        await using var door = await FloorDoor.OpenAsync(settings, turns);
        await SayAsync(answers, new FloorReady(door.Address));
        while (await orders.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<FloorOrder>(line)!;
            var began = Stopwatch.GetTimestamp();
            await TextAsync(turns, order);
            await SayAsync(answers, new FloorDone(Stopwatch.GetElapsedTime(began).TotalSeconds));
        }

        return 0;
    }

    private static async Task TextAsync(FloorTurns turns, FloorOrder order)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, order.Senders).Select(_ => SendAsync()));
        await turns.AnsweredAsync();

        async Task SendAsync()
        {
            await Task.Yield();
            for (var index = Interlocked.Increment(ref next); index < order.Texts; index = Interlocked.Increment(ref next))
                await turns.TakeAsync(order.FirstNumber + index, NewSid(), Words(index));
        }
    }

    // No round of the road has this number: nobody there listens for the answer.
    private static string Words(int index) => string.Create(CultureInfo.InvariantCulture, $"Round 0. Where is my parcel {index}, please?");

    private static string NewSid() => "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static async Task SayAsync<T>(TextWriter answers, T answer)
    {
        await answers.WriteLineAsync(JsonSerializer.Serialize(answer));
        await answers.FlushAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>How a test arms faults in a running program: one line each way on a loopback port.</summary>
public static class FaultControl
{
    /// <summary>Set for a program that is to have fault points; its value is the port.</summary>
    public const string Port = "SMSAI_TEST_FAULT_PORT";

    /// <summary>Faults armed from the start, as JSON.</summary>
    public const string Plans = "SMSAI_TEST_FAULTS";

    /// <summary>Arms these faults and no others; without them it only asks. Returns how often each point was reached.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> TellAsync(int port, params FaultPlan[]? plans)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(JsonSerializer.Serialize(plans));
        await writer.FlushAsync();
        using var reader = new StreamReader(stream);
        return JsonSerializer.Deserialize<Dictionary<string, int>>((await reader.ReadLineAsync())!)!;
    }

    /// <summary>The program's side.</summary>
    internal static void Serve(int port, FaultEngine faults)
    {
        if (Environment.GetEnvironmentVariable(Plans) is { Length: > 0 } fromTheStart)
            Arm(faults, fromTheStart);
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        new Thread(() => Serve(listener, faults)) { IsBackground = true, Name = "faults" }.Start();
    }

    private static void Serve(TcpListener listener, FaultEngine faults)
    {
        while (true)
        {
            try
            {
                using var client = listener.AcceptTcpClient();
                using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
                if (reader.ReadLine() is { } line)
                    Arm(faults, line);
                using var writer = new StreamWriter(client.GetStream());
                writer.WriteLine(JsonSerializer.Serialize(faults.Reached));
            }
            catch (IOException)
            {
                // Whoever asked has gone.
            }
        }
    }

    private static void Arm(FaultEngine faults, string json)
    {
        if (JsonSerializer.Deserialize<FaultPlan[]?>(json) is { } plans)
            faults.Arm(plans);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>One command to the embedded Redis over a connection of its own: enough to ask whether it lives, and to end it.</summary>
internal static class RedisLine
{
    /// <summary>The first line of the answer; null when nobody answers or the password is not theirs.</summary>
    public static async Task<string?> AskAsync(int port, string password, string command, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\n"), patience.Token);
            if (await reader.ReadLineAsync(patience.Token) != "+OK")
            {
                return null;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), patience.Token);
            return await reader.ReadLineAsync(patience.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}

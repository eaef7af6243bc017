namespace SmsAi.Web.Platform.Ui;

/// <summary>Tells the last of several quick keystrokes from those before it.</summary>
public sealed class TypingPause : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(250);

    private CancellationTokenSource _typing = new();

    /// <summary>True after a quarter of a second in which nothing more was typed; false as soon as something is, or <see cref="End"/> is called.</summary>
    public async Task<bool> PassesAsync(TimeProvider time)
    {
        End();
        _typing.Dispose();
        _typing = new CancellationTokenSource();
        var typing = _typing.Token;
        try
        {
            await Task.Delay(Length, time, typing);
            return true;
        }
        catch (OperationCanceledException) when (typing.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What was typed is taken as it is, or no longer wanted.</summary>
    public void End() => _typing.Cancel();

    public void Dispose()
    {
        End();
        _typing.Dispose();
    }
}

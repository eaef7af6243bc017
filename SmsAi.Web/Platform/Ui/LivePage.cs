using Microsoft.AspNetCore.Components;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Platform.Ui;

/// <summary>A page that follows something while it is open: one watching task on the circuit's dispatcher, taken down in order when the page is left.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Begins with nobody leaving.</summary>
    protected LivePage() => Leaving = _leaving.Token;

    /// <summary>Cancelled when the operator leaves the page; a reading that ends long after may still ask it.</summary>
    protected CancellationToken Leaving { get; }

    /// <summary>The database did not answer when this was last tried: what is shown is old.</summary>
    protected bool IsOutOfReach { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await OnLeavingAsync();
        await _watching;
        _leaving.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the watching task; call it from OnInitialized, so that it stays on the dispatcher.</summary>
    protected void Watch(Func<CancellationToken, Task> watchAsync) => _watching = GuardAsync(watchAsync);

    /// <summary>Reads for the page. An outage keeps what is shown and is said on it; every other fault is the page's.</summary>
    protected async Task ReadAsync(Func<CancellationToken, Task> readAsync)
    {
        try
        {
            await readAsync(Leaving);
            IsOutOfReach = false;
        }
        catch (Exception fault) when (fault.IsOutage() && !Leaving.IsCancellationRequested)
        {
            IsOutOfReach = true;
        }
        catch (Exception) when (Leaving.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }

    /// <summary>What else the page holds and must give back.</summary>
    protected virtual ValueTask OnLeavingAsync() => ValueTask.CompletedTask;

    private async Task GuardAsync(Func<CancellationToken, Task> watchAsync)
    {
        try
        {
            await watchAsync(Leaving);
        }
        catch (Exception) when (Leaving.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }
}

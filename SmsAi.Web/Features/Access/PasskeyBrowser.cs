using Microsoft.JSInterop;

namespace SmsAi.Web.Features.Access;

/// <summary>Asks this screen's browser for a passkey; the answer goes to the server by a post of its own.</summary>
public sealed class PasskeyBrowser(IJSRuntime browser) : IAsyncDisposable
{
    // Fingers, faces and phones take their time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private IJSObjectReference? _module;

    public async Task<bool> IsThereAsync() => await (await ModuleAsync()).InvokeAsync<bool>("isThere");

    /// <summary>What went wrong; null when the second factor was shown.</summary>
    public Task<string?> StepUpAsync() => AnswerAsync("stepUp");

    /// <summary>What went wrong; null when the passkey was added.</summary>
    public Task<string?> AddAsync(string name) => AnswerAsync("add", name);

    public async ValueTask DisposeAsync()
    {
        if (_module is null) return;
        try
        {
            await _module.DisposeAsync();
        }
        catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException)
        {
            // The circuit is gone and its objects with it.
        }
    }

    private async Task<string?> AnswerAsync(string what, params object?[] with)
    {
        try
        {
            return (await (await ModuleAsync()).InvokeAsync<Answered>(what, Patience, with)).Fault;
        }
        catch (TaskCanceledException)
        {
            return "No passkey was used in time. Try again.";
        }
    }

    private async Task<IJSObjectReference> ModuleAsync() => _module ??= await browser.InvokeAsync<IJSObjectReference>("import", "./built/js/passkeys.js");

    private sealed record Answered(string? Fault);
}

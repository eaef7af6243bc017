using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell;

/// <summary>
/// Keeps the fault of what floats above the page (a dialog, the palette, the keys, a toast's act) from taking the whole screen along: it goes, a toast
/// says so, and it is there again for the next use. What fails again at once stays away until the operator goes to another page.
/// </summary>
public sealed partial class FloatBoundary : ErrorBoundaryBase
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private long? _cameBack;
    private bool _staysAway;

    [Inject] public required ILogger<FloatBoundary> Log { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (_staysAway) ComeBack();
    }

    protected override Task OnErrorAsync(Exception exception)
    {
        _staysAway = _cameBack is { } moment && Time.GetElapsedTime(moment) < AtOnce;
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(5));
        FloatFailed(Log, id, exception);
        Toasts.Show($"That failed by a fault of ours and may not be done. The log has it under the id {id}.", Tone.Stop);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null) builder.AddContent(0, ChildContent);
    }

    /// <summary>What failed is gone from the screen; what comes next is new.</summary>
    protected override void OnAfterRender(bool firstRender)
    {
        if (CurrentException is not null && !_staysAway) ComeBack();
    }

    private void ComeBack()
    {
        (_staysAway, _cameBack) = (false, Time.GetTimestamp());
        Recover();
    }

    [LoggerMessage(7005, LogLevel.Error, "What floats above the page failed, id {CorrelationId}.")]
    private static partial void FloatFailed(ILogger log, string correlationId, Exception fault);
}

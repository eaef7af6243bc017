using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Keeps the fault of one page from taking the rail and the side with it; the next navigation starts afresh.</summary>
public sealed partial class PageBoundary : ErrorBoundaryBase, IDisposable
{
    private string _correlationId = "";

    [Inject] public required ILogger<PageBoundary> Log { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    public void Dispose() => Navigation.LocationChanged -= RecoverOnNavigation;

    protected override void OnInitialized() => Navigation.LocationChanged += RecoverOnNavigation;

    protected override Task OnErrorAsync(Exception exception)
    {
        _correlationId = Convert.ToHexString(RandomNumberGenerator.GetBytes(5));
        PageFailed(Log, _correlationId, "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?')[0], exception);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenComponent<PageFault>(1);
        builder.AddAttribute(2, nameof(PageFault.CorrelationId), _correlationId);
        builder.AddAttribute(3, nameof(PageFault.TryAgain), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }

    private void RecoverOnNavigation(object? sender, LocationChangedEventArgs change)
    {
        if (CurrentException is not null) _ = InvokeAsync(Recover);
    }

    [LoggerMessage(7000, LogLevel.Error, "Page {Path} failed, id {CorrelationId}.")]
    private static partial void PageFailed(ILogger log, string correlationId, string path, Exception fault);
}

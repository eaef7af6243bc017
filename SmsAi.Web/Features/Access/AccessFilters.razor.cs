using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Features.Access;

/// <summary>Turns what is typed and chosen into the address of the list of accounts.</summary>
public sealed partial class AccessFilters : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(250);

    private string _typed = "";
    private AccessQuery? _seen;
    private CancellationTokenSource _typing = new();

    [Parameter, EditorRequired] public AccessQuery Query { get; set; } = new();

    [Parameter] public string? Match { get; set; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    public void Dispose()
    {
        _typing.Cancel();
        _typing.Dispose();
    }

    protected override void OnParametersSet()
    {
        // What is being typed stays; a way back or a cleared filter is followed.
        if (_seen?.Search != Query.Search && Query.Search != AccessQuery.Wanted(_typed)) _typed = Query.Search ?? "";
        _seen = Query;
    }

    private async Task TypeAsync(ChangeEventArgs change)
    {
        _typed = change.Value as string ?? "";
        await _typing.CancelAsync();
        _typing.Dispose();
        _typing = new CancellationTokenSource();
        var typing = _typing.Token;
        try
        {
            await Task.Delay(TypingPause, Time, typing);
        }
        catch (OperationCanceledException) when (typing.IsCancellationRequested)
        {
            return;
        }

        Search();
    }

    private async Task SubmitAsync()
    {
        await _typing.CancelAsync();
        Search();
    }

    private void Search()
    {
        if (AccessQuery.Wanted(_typed) is var wanted && wanted != Query.Search) Navigation.NavigateTo((Query with { Search = wanted }).Href, replace: true);
    }

    private void Go(AccessQuery query) => Navigation.NavigateTo(query.Href);
}

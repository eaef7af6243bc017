using Microsoft.AspNetCore.Components;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Turns what is typed and chosen into the address of the list of accounts.</summary>
public sealed partial class AccessFilters : IDisposable
{
    private readonly TypingPause _pause = new();
    private string _typed = "";
    private AccessQuery? _seen;

    [Parameter, EditorRequired] public AccessQuery Query { get; set; } = new();

    [Parameter] public string? Match { get; set; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    public void Dispose() => _pause.Dispose();

    protected override void OnParametersSet()
    {
        // What is being typed stays; a way back or a cleared filter is followed.
        if (_seen?.Search != Query.Search && Query.Search != AccessQuery.Wanted(_typed)) _typed = Query.Search ?? "";
        _seen = Query;
    }

    private async Task TypeAsync(ChangeEventArgs change)
    {
        _typed = change.Value as string ?? "";
        if (await _pause.PassesAsync(Time)) Search();
    }

    private void Submit()
    {
        _pause.End();
        Search();
    }

    private void Search()
    {
        if (AccessQuery.Wanted(_typed) is var wanted && wanted != Query.Search) Navigation.NavigateTo((Query with { Search = wanted }).Href, replace: true);
    }

    private void Go(AccessQuery query) => Navigation.NavigateTo(query.Href);
}
